#include "server/commands/typescript.h"

#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "ot/json_text.h"

namespace segue::server {

namespace {

using ot::Json;
using ot::record::Field;
using ot::record::Fields;
using ot::record::Kind;
using ot::record::List;
using ot::record::Schema;

// A string literal, in single quotes.
std::string quoted(std::string_view text) {
  const std::string json = ot::json_text(Json(std::string(text)));
  std::string literal = "'";
  for (std::size_t at = 1; at + 1 < json.size(); ++at) {
    if (json[at] == '\\' && json[at + 1] == '"') {
      literal += json[++at];
    } else if (json[at] == '\\') {
      literal += json[at++];
      literal += json[at];
    } else {
      literal += json[at] == '\'' ? "\\'" : std::string(1, json[at]);
    }
  }
  return literal + '\'';
}

// "lower-third" and "lower_third" as "LowerThird".
std::string capitalized(std::string_view name) {
  std::string words;
  bool starts = true;
  for (const char c : name) {
    if (c == '-' || c == '_') {
      starts = true;
    } else {
      words += starts ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      starts = false;
    }
  }
  return words;
}

std::string joined_literals(const std::vector<std::string>& values) {
  std::string all;
  for (const std::string& value : values) {
    all += (all.empty() ? "" : " | ") + quoted(value);
  }
  return all;
}

std::string value_type(const Field& field) {
  const std::string or_null = field.nullable ? " | null" : "";
  switch (field.kind) {
    case Kind::string:
    case Kind::text:
    case Kind::date:
      return "string" + or_null;
    case Kind::number:
      return "number" + or_null;
    case Kind::boolean:
      return "boolean" + or_null;
    case Kind::enumeration:
      return joined_literals(field.values) + or_null;
  }
  return "unknown";
}

class Module {
 public:
  std::string text(const Schema& schema, std::string_view imported_from) {
    const std::string document = own_name(schema.name);
    for (const List& list : schema.lists) {
      entities_.push_back(own_name(list.entity));
    }
    for (std::size_t i = 0; i < schema.lists.size(); ++i) {
      add_holder(entities_[i], schema.lists[i].fields, nullptr);
    }
    add_holder(document, schema.fields, &schema.lists);
    std::string imports;
    for (const std::string& name : imported_) {
      imports += (imports.empty() ? "" : ", ") + name;
    }
    return "// Types of segue:" + schema.name + "/" + std::to_string(schema.major) +
           ". Written by `segue schema types`: do not edit.\n" +
           (imports.empty()
                ? ""
                : "import type {" + imports + "} from " + quoted(imported_from) + ";\n") +
           body_;
  }

 private:
  // A name that no other type of the module has; two are taken by each.
  std::string own_name(std::string_view name) {
    std::string own = capitalized(name);
    while (taken_.contains(own) || taken_.contains(own + "Fields")) {
      own += '_';
    }
    taken_.insert({own, own + "Fields"});
    return own;
  }

  const std::string& imported(const std::string& name) { return *imported_.insert(name).first; }

  // An interface of the data and one of the fields. `lists`: it is the document.
  void add_holder(const std::string& name, const Fields& fields, const std::vector<List>* lists) {
    body_ += "\nexport interface " + name + " {\n";
    if (lists == nullptr) {
      body_ += "  readonly id: string;\n";
    }
    for (const Field& field : fields) {
      add_member(field.name, value_type(field));
    }
    for (std::size_t i = 0; lists != nullptr && i < lists->size(); ++i) {
      add_member((*lists)[i].key, "readonly " + entities_[i] + "[]");
    }
    body_ += "}\n\nexport interface " + name + "Fields {\n";
    for (const Field& field : fields) {
      add_member(field.name, field_type(field, name));
    }
    for (std::size_t i = 0; lists != nullptr && i < lists->size(); ++i) {
      add_member((*lists)[i].key, list_type((*lists)[i], entities_[i]));
    }
    body_ += "}\n";
  }

  void add_member(const std::string& name, const std::string& type) {
    body_ += "  readonly " + name + ": " + type + ";\n";
  }

  std::string field_type(const Field& field, const std::string& holder) {
    if (field.kind == Kind::text) {
      return imported("TextField");
    }
    if (field.can_increment()) {
      return imported("NumberField");
    }
    const bool named = field.kind == Kind::enumeration;
    return imported("ScalarField") + '<' +
           (named ? holder + "['" + field.name + "']" : value_type(field)) + '>';
  }

  std::string list_type(const List& list, const std::string& entity) {
    std::vector<std::string> required;
    for (const Field& field : list.fields) {
      if (field.required) {
        required.push_back(field.name);
      }
    }
    const std::string fresh = imported("New") + '<' + entity +
                              (required.empty() ? "" : ", " + joined_literals(required)) + '>';
    return imported("ListField") + '<' + entity + ", " + entity + "Fields, " + fresh + '>';
  }

  std::vector<std::string> entities_;  // names, as the schema's lists are ordered
  std::set<std::string> imported_;
  std::set<std::string> taken_ = {"ListField", "New", "NumberField", "ScalarField", "TextField"};
  std::string body_;
};

}  // namespace

std::string typescript_of(const Schema& schema, std::string_view imported_from) {
  return Module().text(schema, imported_from);
}

}  // namespace segue::server
