// Everything that a log says, one answer a line, so that two states can be compared.
#pragma once

#include <string>
#include <vector>

#include "oplog/op_log.h"

namespace segue::test {

class EveryRead {
 public:
  // All reads about the documents and srcs named.
  EveryRead(const oplog::OpLog& log, const std::vector<ot::DocId>& docs,
            const std::vector<ot::ClientId>& srcs)
      : log_(log) {
    add(log.documents(std::nullopt, 100), [](const auto& found) {
      std::string text;
      for (const auto& doc : found) {
        text += doc.str() + ' ';
      }
      return text;
    });
    add(log.feed(0, 100), [](const auto& items) {
      std::string text;
      for (const auto& item : items) {
        text += std::to_string(item.number) + ':' + item.doc.str() + '@' + str(item.version) + ' ';
      }
      return text;
    });
    for (const auto& doc : docs) {
      add_document(doc, srcs);
    }
  }

  const std::vector<std::string>& answers() const { return answers_; }

 private:
  void add_document(const ot::DocId& doc, const std::vector<ot::ClientId>& srcs) {
    add(log_.head(doc), [](const oplog::Head& head) {
      return str(head.version) + ' ' + std::to_string(head.time_ms);
    });
    add(log_.read(doc, {0}, {100}, 1 << 20), [](const std::vector<oplog::Entry>& entries) {
      std::string text;
      for (const auto& entry : entries) {
        text += str(entry) + '|';
      }
      return text;
    });
    for (std::uint64_t i = 0; i < 8; ++i) {
      add(log_.checkpoint(doc, {i}), [](const std::optional<oplog::Checkpoint>& found) {
        return found ? str(found->version) + found->type + found->data : "none";
      });
      add(log_.version_at(doc, 1000 + 10 * static_cast<std::int64_t>(i)), str_version);
      for (const auto& src : srcs) {
        add(log_.find(doc, src, {i}),
            [](const std::optional<ot::Version>& found) { return found ? str(*found) : "none"; });
      }
    }
    for (const auto& src : srcs) {
      add(log_.src_author(src),
          [](const std::optional<std::string>& found) { return found.value_or("none"); });
      add(log_.last_seq(doc, src), [](const std::optional<ot::Seq>& found) {
        return found ? std::to_string(found->value) : "none";
      });
    }
  }

  static std::string str(ot::Version version) { return std::to_string(version.value); }
  static std::string str_version(const ot::Version& version) { return str(version); }
  static std::string str(const oplog::Entry& entry) {
    return entry.doc.str() + '@' + str(entry.version) + ' ' +
           std::to_string(static_cast<int>(entry.kind)) + ' ' + entry.type + ' ' + entry.src.value +
           ' ' + std::to_string(entry.seq.value) + ' ' + std::to_string(entry.time_ms) + ' ' +
           entry.author + ' ' + entry.payload + ' ' + entry.submitted + ' ' + entry.reason;
  }

  template <class T, class Print>
  void add(const ot::Result<T>& result, Print print) {
    answers_.push_back(result ? print(*result) : std::string(ot::errc_name(result.error().code)));
  }

  const oplog::OpLog& log_;
  std::vector<std::string> answers_;
};

}  // namespace segue::test
