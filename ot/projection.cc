#include "ot/projection.h"

#include <optional>
#include <utility>

#include "ot/json_text.h"
#include "ot/reply.h"

namespace segue::ot {

namespace {

constexpr JsonLimits no_limits{
    .depth_max = SIZE_MAX, .keys_max = SIZE_MAX, .key_bytes_max = SIZE_MAX};

tl::unexpected<Error> not_allowed() {
  return fail(Errc::op_not_allowed_in_projection, "Op touches fields outside of the projection");
}

// The field a component touches; none if that is the whole document. Null where it is no component.
const Json* path_of(const Json& component) {
  const Json* path = component.find("p");
  return path != nullptr && path->is_array() ? path : nullptr;
}

bool is_within(const Projection& projection, const Json& path) {
  return path.size() > 0 && path[0].is_string() && projection.shows(path[0].str());
}

// A component that replaces the whole document, reduced to what may be seen. None if that is
// nothing.
std::optional<Json> project_root(const Projection& projection, const Json& component) {
  Json reduced = Json::object({{"p", Json::array()}});
  for (const char* key : {"od", "oi"}) {
    if (const Json* value = component.find(key)) {
      reduced.set(key, projection.project(*value));
    }
  }
  return reduced.size() > 1 ? std::optional(std::move(reduced)) : std::nullopt;
}

Json project_edit(const Projection& projection, const Json& op) {
  Json kept = Json::array();
  if (!op.is_array()) {
    return kept;
  }
  op.for_each_element([&](const Json& component) {
    const Json* path = path_of(component);
    if (path == nullptr) {
      return;
    }
    if (is_within(projection, *path)) {
      kept.push_back(component);
    } else if (path->size() == 0) {
      if (auto reduced = project_root(projection, component)) {
        kept.push_back(std::move(*reduced));
      }
    }
  });
  return kept;
}

}  // namespace

Json Projection::project(const Json& data) const {
  if (!data.is_object()) {
    return {};
  }
  Json seen = Json::object();
  data.for_each_member([&](std::string_view key, const Json& value) {
    if (shows(key)) {
      seen.set(key, value);
    }
  });
  return seen;
}

Result<Snapshot> Projection::project(Snapshot snapshot) const {
  if (snapshot.type != nullptr && snapshot.type->uri != json0_uri) {
    return fail(Errc::type_cannot_be_projected,
                "Documents of type " + snapshot.type->name + " cannot be projected");
  }
  snapshot.data = project(snapshot.data);
  return snapshot;
}

CommittedOp Projection::project(const CommittedOp& op) const {
  CommittedOp seen = op;
  seen.op = {};
  if (op.kind == OpKind::create && op.type != json0_uri) {
    seen.kind = OpKind::noop;
    return seen;
  }
  if (op.payload.empty()) {
    return seen;
  }
  const auto value = parse_json(op.payload, no_limits);
  const Json payload = value ? *value : Json();
  seen.payload =
      json_text(op.kind == OpKind::create ? project(payload) : project_edit(*this, payload));
  return seen;
}

Result<void> Projection::check_edit(const Json& op) const {
  bool allowed = op.is_array();
  if (allowed) {
    op.for_each_element([&](const Json& component) {
      const Json* path = path_of(component);
      allowed = allowed && path != nullptr && is_within(*this, *path);
    });
  }
  return allowed ? Result<void>() : not_allowed();
}

Result<void> Projection::check_create(const AnyType& type, const Json* data) const {
  if (type.uri != json0_uri) {
    return not_allowed();
  }
  // No data at all says nothing about other fields.
  if (data == nullptr || data->is_null()) {
    return {};
  }
  bool allowed = data->is_object();
  if (allowed) {
    data->for_each_member(
        [&](std::string_view key, const Json&) { allowed = allowed && shows(key); });
  }
  return allowed ? Result<void>() : not_allowed();
}

}  // namespace segue::ot
