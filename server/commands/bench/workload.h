// Workload: what a document starts as, and how it is edited. Every edit applies at any version, so
// that whoever sends it needs no copy of the document.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace segue::bench {

struct Workload {
  std::string name;
  // Ops that make the document, each the body of a message: "create":{...}, then "op":[...].
  std::vector<std::string> build;
  // The n-th op of an editor, as the body of a message.
  std::function<std::string(std::size_t editor, std::uint64_t n)> edit;
};

// A json0 document of about 1 KB, edited as a plan is: set a field, count, insert into a list and
// delete from it, in turn. Some of the editors share a field, and all the list.
Workload plan();

// Documents of about `bytes` (1 KB at least) in four shapes, a list, an object, a string and a
// tree, the list edited at three places.
std::vector<Workload> big_documents(std::size_t bytes);

}  // namespace segue::bench
