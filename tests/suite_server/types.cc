#include "tests/suite_server/types.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "ot/builtin_types.h"

namespace segue::suite {

using ot::Errc;
using ot::fail;
using ot::Json;
using ot::Result;

namespace {

std::optional<std::size_t> index_in(const Json& op, std::string_view key) {
  const Json* value = op.find(key);
  const bool is_index = value != nullptr && value->is_number() && value->number() >= 0;
  return is_index ? std::optional(static_cast<std::size_t>(value->number())) : std::nullopt;
}

}  // namespace

// ---- number-type

Result<Json> NumberType::create(const Json* data) {
  const bool is_number = data != nullptr && data->is_number();
  return Json(is_number ? std::trunc(data->number()) : 0.0);
}

Result<double> NumberType::parse(const Json& in, std::size_t) {
  if (!in.is_number()) {
    return fail(Errc::op_badly_formed, "An op is a number");
  }
  return in.number();
}

Result<void> NumberType::apply(Json& doc, double op) {
  doc = Json(doc.number() + op);
  return {};
}

// ---- test-deserialized-type

Result<Json> LinkedList::create(const Json* data) {
  const bool is_list = data != nullptr && data->is_array();
  return is_list ? *data : Json::array();
}

auto LinkedList::parse(const Json& in, std::size_t) -> Result<Op> {
  const auto index = index_in(in, "insert");
  if (!index) {
    return fail(Errc::op_badly_formed, "Op not recognized");
  }
  const Json* value = in.find("value");
  return Op{*index, value != nullptr ? *value : Json()};
}

Result<void> LinkedList::apply(Json& doc, const Op& op) {
  doc.insert(std::min(op.index, doc.size()), op.value);
  return {};
}

auto LinkedList::transform(const Op& op, const Op& other, ot::Side side) -> Result<Op> {
  const bool after = other.index < op.index || (other.index == op.index && side == ot::Side::left);
  return Op{op.index + (after ? 1 : 0), op.value};
}

auto LinkedList::compose(const Op&, const Op&) -> Result<Op> {
  return fail(Errc::unsupported, "ops cannot be composed");
}

Json LinkedList::to_json(const Op& op) {
  return Json::object({{"insert", Json(op.index)}, {"value", op.value}});
}

// ---- presence-test-type

Result<Json> PresenceTestType::create(const Json* data) {
  const bool is_text = data != nullptr && data->is_string();
  return is_text ? *data : Json("");
}

auto PresenceTestType::parse(const Json& in, std::size_t) -> Result<Op> {
  Op op;
  op.index = index_in(in, "index").value_or(0);
  if (const Json* value = in.find("value"); value != nullptr && value->is_string()) {
    op.value = value->str();
  }
  op.del = index_in(in, "del").value_or(0);
  if (op.value.empty() && op.del == 0) {
    return fail(Errc::op_badly_formed, "Invalid op");
  }
  return op;
}

Result<void> PresenceTestType::apply(Json& doc, const Op& op) {
  doc.edit_text([&](ot::Text& text) {
    const std::size_t length = text.length(ot::Unit::utf16);
    const std::size_t at = std::min(op.index, length);
    if (op.value.empty()) {
      text.erase(at, std::min(op.del, length - at), ot::Unit::utf16);
    } else {
      text.insert(at, op.value, ot::Unit::utf16);
    }
  });
  return {};
}

auto PresenceTestType::transform(const Op&, const Op&, ot::Side) -> Result<Op> {
  return fail(Errc::uncoded, "ops cannot be transformed");
}

auto PresenceTestType::compose(const Op&, const Op&) -> Result<Op> {
  return fail(Errc::unsupported, "ops cannot be composed");
}

Json PresenceTestType::to_json(const Op& op) {
  Json out = Json::object({{"index", Json(op.index)}});
  op.value.empty() ? out.set("del", Json(op.del)) : out.set("value", Json(op.value));
  return out;
}

Result<Json> PresenceTestType::transform_presence(const Json& place, const Op& op, bool own) {
  const Json* index = place.find("index");
  const double at = index != nullptr && index->is_number() ? index->number() : std::nan("");
  const auto op_at = static_cast<double>(op.index);
  if (at < op_at || (at == op_at && !own)) {
    return place;
  }
  if (std::isnan(at)) {
    return fail(Errc::op_badly_formed, "Presence index is not a number");
  }
  const double moved = op.value.empty()
                           ? at - static_cast<double>(op.del)
                           : at + static_cast<double>(ot::Text(op.value).length(ot::Unit::utf16));
  return Json::object({{"index", Json(moved)}});
}

// ----

const ot::AnyType* find_type(std::string_view name_or_uri) {
  for (const ot::AnyType* type :
       {&ot::erase<NumberType>(), &ot::erase<DeserializedType>(), &ot::erase<DeserializedType2>(),
        &ot::erase<PresenceTestType>()}) {
    if (type->name == name_or_uri || type->uri == name_or_uri) {
      return type;
    }
  }
  return ot::find_type(name_or_uri);
}

}  // namespace segue::suite
