// Places in a record, and things by their path: where they are after an op.
#include "ot/record/record_type.h"

namespace segue::ot {
namespace {

using record::Component;
using record::Field;
using record::Index;
using record::Kind;
using record::List;

// A parsed place. INVARIANT: `index` where there is anything behind a list; `position` only in a
// field.
struct Place {
  const List* list = nullptr;
  std::optional<Index> index;
  const Field* field = nullptr;
  std::optional<std::size_t> position;
};

tl::unexpected<Error> no_place() {
  return fail(
      Errc::op_badly_formed,
      "a place is [], [field], [field, position], [list], or [list, index] and then the same");
}

// Reads a place from the left.
class PlaceReader {
 public:
  PlaceReader(const record::Schema& schema, const Json& in) : schema_(schema), in_(in) {}

  Result<Place> read() {
    if (!in_.is_array()) return no_place();
    const bool is_valid = read_list() && read_field() && read_position() && at_ == in_.size();
    if (!is_valid) return no_place();
    return place_;
  }

 private:
  const Json* next() const { return at_ < in_.size() ? &in_[at_] : nullptr; }

  bool read_list() {
    const Json* key = next();
    if (key == nullptr || !key->is_string()) return true;
    place_.list = schema_.find_list(key->str());
    if (place_.list == nullptr) return true;
    ++at_;
    const Json* index = next();
    if (index == nullptr) return true;
    place_.index = safe_length(*index);
    ++at_;
    return place_.index.has_value();
  }

  bool read_field() {
    const Json* name = next();
    if (name == nullptr) return true;
    if (!name->is_string()) return false;
    const auto& fields = place_.list != nullptr ? place_.list->fields : schema_.fields;
    place_.field = find_field(fields, name->str());
    ++at_;
    return place_.field != nullptr;
  }

  bool read_position() {
    const Json* position = next();
    if (position == nullptr) return true;
    const bool is_string = place_.field != nullptr &&
                           (place_.field->kind == Kind::string || place_.field->kind == Kind::text);
    place_.position = safe_length(*position);
    ++at_;
    return is_string && place_.position.has_value();
  }

  const record::Schema& schema_;
  const Json& in_;
  std::size_t at_ = 0;
  Place place_;
};

// As TextUnicode::transform_position(), but what the owner inserts at the position moves it.
std::size_t own_position(std::size_t position, const TextUnicode::Op& op) {
  std::size_t at = 0;
  for (const TextPart part : op.parts) {
    if (at > position) break;
    if (part.erases()) {
      position -= std::min(part.count(), position - at);
    } else {
      at += part.count();
      if (part.inserts()) position += part.count();
    }
  }
  return position;
}

// Moves `place` over one component. Answers whether it is still there.
bool move_over(Place& place, const Component& component, bool own) {
  if (component.list != place.list) return true;
  const Field* field = field_of(component);
  if (field == nullptr) {
    if (!place.index) return true;
    place.index = follow(*place.index, component);
    return place.index.has_value();
  }
  const bool is_named =
      field == place.field && (place.list == nullptr || component.index == place.index);
  const auto* edit = record::as<record::Edit>(component);
  if (is_named && edit != nullptr && place.position) {
    place.position = own ? own_position(*place.position, edit->text)
                         : TextUnicode::transform_position(*place.position, edit->text);
  }
  return true;
}

Json shown(const Place& place) {
  Json out = Json::array();
  if (place.list != nullptr) out.push_back(place.list->key);
  if (place.index) out.push_back(*place.index);
  if (place.field != nullptr) out.push_back(place.field->name);
  if (place.position) out.push_back(*place.position);
  return out;
}

// Whether `component` changes what is at `place`, or something in it.
bool changes(const Component& component, const Place& place) {
  if (place.list == nullptr && place.field == nullptr) return true;
  if (component.list != place.list) return false;
  if (place.list != nullptr && !place.index) return true;
  const bool is_other = place.list != nullptr && component.index != place.index;
  const Field* field = field_of(component);
  if (field == nullptr) return record::as<record::Remove>(component) != nullptr && !is_other;
  return !is_other && (place.field == nullptr || field == place.field);
}

Result<Place> read_path(const record::Schema& schema, const Json& path) {
  auto place = PlaceReader(schema, path).read();
  if (place && place->position) return no_place();
  return place;
}

}  // namespace

Result<Hold> RecordType::hold_of(const Json& path) const {
  const auto place = read_path(*schema_, path);
  if (!place) return fail(place.error());
  const bool exclusive = (place->field != nullptr && place->field->hold == Hold::exclusive) ||
                         (place->list != nullptr && place->list->hold == Hold::exclusive);
  return exclusive ? Hold::exclusive : Hold::advisory;
}

Result<Traced> RecordType::trace(const Json& path, const Op& op) const {
  auto place = read_path(*schema_, path);
  if (!place) return fail(place.error());
  bool changed = false;
  for (const Component& component : op) {
    changed = changed || changes(component, *place);
    if (!move_over(*place, component, false)) return Traced{Json(), true};
  }
  return Traced{shown(*place), changed};
}

Result<Json> RecordType::transform_presence(const Json& place, const Op& op, bool own) const {
  if (place.is_null()) return Json();
  auto moved = PlaceReader(*schema_, place).read();
  if (!moved) return fail(std::move(moved.error()));
  for (const Component& component : op) {
    if (!move_over(*moved, component, own)) return Json();
  }
  return shown(*moved);
}

}  // namespace segue::ot
