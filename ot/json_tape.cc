#include "ot/json_tape.h"

#include <utility>

#include "ot/json_list.h"
#include "ot/json_object.h"

namespace segue::ot {

class JsonBuilder {
 public:
  static Json list(const JsonToken& token) {
    const JsonToken* next = &token + 1;
    return Json(Json::List::generate(token.size, [&] {
      const JsonToken* element = std::exchange(next, next->next());
      return make_json(*element);
    }));
  }
  static Json object(const JsonToken& token) {
    const JsonToken* key = &token + 1;
    return Json(JsonObject::generate(token.size, [&] {
      const JsonToken* member = std::exchange(key, key[1].next());
      return JsonMember{JsonKey(member->string()), make_json(member[1])};
    }));
  }
};

Json make_json(const JsonToken& token) {
  switch (token.kind) {
    case Json::Kind::null:
      return {};
    case Json::Kind::boolean:
      return token.boolean;
    case Json::Kind::number:
      return token.number;
    case Json::Kind::string:
      return Json(Text(token.string()));
    case Json::Kind::array:
      return JsonBuilder::list(token);
    case Json::Kind::object:
      return JsonBuilder::object(token);
  }
  return {};
}

}  // namespace segue::ot
