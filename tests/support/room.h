// Room: one document, any number of clients, and a disk that syncs when told to.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "ot/message.h"
#include "server/document_actor.h"
#include "tests/support/fake_host.h"

namespace segue::tests {

struct Room {
  Room() : actor(std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, host)) {}

  // Sends a message as the client's connection would; `text` with ' for ".
  void say(const std::shared_ptr<FakeClient>& client, std::string text,
           const std::string& src = "") {
    for (char& c : text) {
      c = c == '\'' ? '"' : c;
    }
    const ot::Json message = *ot::parse_json(text);
    auto request = ot::decode_message(message, &ot::find_type);
    REQUIRE(request.has_value());
    server::DocRequest to_document{client, ot::ClientId{src.empty() ? name(client) : src}, message,
                                   nullptr, server::Leave{}};
    std::visit(
        [&](auto& kind) {
          if constexpr (requires { to_document.what = kind; }) {
            to_document.what = kind;
          }
        },
        *request);
    actor->handle(std::move(to_document));
    host.run();
  }
  void sync() { host.sync(*actor); }
  std::shared_ptr<FakeClient> join() {
    clients.push_back(std::make_shared<FakeClient>());
    return clients.back();
  }
  std::shared_ptr<FakeClient> subscriber() {
    auto client = join();
    say(client, "{'a':'s','c':'c','d':'d'}");
    client->take();
    return client;
  }
  std::string name(const std::shared_ptr<FakeClient>& client) const {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (clients[i] == client) {
        return std::string(1, static_cast<char>('A' + i));
      }
    }
    return "?";
  }
  // A document [1] at version 1, durable.
  void create() {
    auto author = join();
    say(author, "{'a':'op','c':'c','d':'d','v':0,'seq':1,'create':{'type':'json0','data':[1]}}");
    sync();
    author->take();
  }

  FakeHost host;
  std::shared_ptr<server::DocumentActor> actor;
  std::vector<std::shared_ptr<FakeClient>> clients;
};

}  // namespace segue::tests
