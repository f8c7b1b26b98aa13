#include <algorithm>
#include <map>
#include <utility>

#include "server/commands/bench/audit.h"
#include "server/commands/bench/server_stats.h"
#include "server/commands/bench/soak.h"

namespace segue::bench {

namespace {

constexpr double step_limit_s = 120;
constexpr std::size_t guests_per_room = 20;
constexpr std::size_t rooms_per_item = 3;
constexpr std::size_t statuses = 4;
constexpr std::size_t ops_per_visit = 60;  // to each document; a guest's, in half a minute
constexpr int fills_max = 100;
constexpr std::size_t burst = 500;
constexpr std::uint64_t turns_per_stay = 1'500;  // of 20 ms
constexpr std::uint64_t turns_frozen = 5'000;
constexpr std::uint64_t turns_per_edit = 25;
constexpr std::uint64_t turns_per_show = 50;
constexpr const char* queried = "soak-items";

// How often something happens in a turn that each of `count` does once in so many turns.
std::size_t times(std::size_t count, std::uint64_t turns, std::uint64_t turn) {
  return static_cast<std::size_t>(count * (turn + 1) / turns - count * turn / turns);
}

std::string room_data() {
  std::string fields;
  for (int i = 0; i < 8; ++i) {
    fields += ",\"f" + std::to_string(i) + "\":\"1000000000\"";
  }
  return "{\"n\":0" + fields + "}";
}

}  // namespace

SoakCrowd::SoakCrowd(boost::asio::io_context& io, const Address& server, std::size_t guests)
    : io_(io), server_(server), guests_(guests) {
  const std::size_t rooms = std::max<std::size_t>(1, guests / guests_per_room);
  for (std::size_t i = 0; i < rooms; ++i) {
    rooms_.push_back("room-" + std::to_string(i));
  }
  versions_.resize(rooms);
  items_ = std::max<std::size_t>(1, rooms / rooms_per_item);
  curator_ = author();
}

// ---- documents

SoakCrowd::Author SoakCrowd::author() {
  return {std::make_unique<Peer>(io_, server_, [this](std::string_view message) {
    acks_ += message.starts_with(R"({"a":"op")") ? 1 : 0;
  })};
}

std::string SoakCrowd::create_of(std::size_t document) const {
  const std::string data = is_room(document) ? room_data() : R"({"status":"s0"})";
  return R"("v":0,"create":{"type":"json0","data":)" + data + "}";
}

std::string SoakCrowd::edit_of(std::size_t document) {
  const std::string status = "s" + std::to_string(any(statuses));
  return R"("v":null,)" + (is_room(document)
                               ? room_edit(random_())
                               : R"("op":[{"p":["status"],"od":"","oi":")" + status + "\"}]");
}

void SoakCrowd::send(Author& author, std::size_t document, const std::string& contents) {
  const std::string collection = is_room(document) ? "soak" : queried;
  const std::string id = is_room(document) ? rooms_[document] : "item-" + std::to_string(document);
  author.peer->send(R"({"a":"op","c":")" + collection + R"(","d":")" + id + R"(","seq":)" +
                    std::to_string(++author.seq) + "," + contents + "}");
  ++sent_;
}

void SoakCrowd::send_to_all(std::span<Author> authors, std::size_t ops_per_document,
                            const std::function<std::string(std::size_t document)>& contents) {
  const std::size_t documents = rooms_.size() + items_;
  const std::size_t ops = ops_per_document * documents;
  for (std::size_t i = 0; i < ops; ++i) {
    const std::size_t document = i / authors.size() % documents;
    send(authors[i % authors.size()], document, contents(document));
    if (sent_ - acks_ == burst || i + 1 == ops) {
      run_until(
          io_, [&] { return acks_ == sent_; }, step_limit_s, "the documents to be made");
    }
  }
  std::for_each(versions_.begin(), versions_.end(),
                [&](std::uint64_t& version) { version += ops_per_document; });
}

// As guests do who come one after the other; in bursts, since the log keeps the memory that its
// largest transaction took.
void SoakCrowd::fill() {
  std::vector<Author> visitors;
  while (visitors.size() < guests_per_room) {
    visitors.push_back(author());
  }
  send_to_all(visitors, guests_per_room * ops_per_visit,
              [this](std::size_t document) { return edit_of(document); });
}

void SoakCrowd::build() {
  send_to_all({&curator_, 1}, 1, [this](std::size_t document) { return create_of(document); });
  std::size_t before = 0;
  for (int fills = 1; fills <= fills_max; ++fills) {
    fill();
    const std::size_t now = stats_of(server_.endpoint).document_bytes;
    if (now < before + before / 50) {
      for (; fills > 0; --fills) {
        fill();
      }
      return;
    }
    before = now;
  }
  throw Broken("ops in memory have no bound: " + std::to_string(before) + " bytes");
}

void SoakCrowd::move_item() {
  const std::size_t item = rooms_.size() + any(items_);
  send(curator_, item, edit_of(item));
  ++edits_;
}

// ---- guests

std::unique_ptr<Guest> SoakCrowd::guest_for(std::size_t place) {
  const std::size_t room = place % rooms_.size();
  return std::make_unique<Guest>(
      io_, server_,
      Guest::Place{{"soak", rooms_[room]},
                   versions_[room],
                   R"({"status":"s)" + std::to_string(place % statuses) + "\"}",
                   queried});
}

void SoakCrowd::invite() {
  for (std::size_t place = 0; place < guests_.size(); ++place) {
    if (guests_[place] == nullptr) {
      guests_[place] = guest_for(place);
      ++visits_.came;
    }
    guests_[place]->come_in();
    std::uint64_t& version = versions_[place % rooms_.size()];
    version = std::max(version, guests_[place]->member().version());
  }
}

// Half of them say goodbye; of the rest half freeze and half lose their connection at once.
void SoakCrowd::send_away(std::size_t place) {
  std::unique_ptr<Guest> guest = std::move(guests_[place]);
  switch (any(4)) {
    case 0:
      ++visits_.reset;
      guest->peer().drop();
      return;
    case 1:
      ++visits_.frozen;
      guest->peer().on_end([](unsigned) {});
      guest->peer().freeze();
      frozen_.push_back({std::move(guest), turn_});
      return;
    default:
      ++visits_.left;
      guest->peer().leave();
      leaving_.push_back(std::move(guest));
  }
}

// Who is frozen holds on to the connection for long after the server should have given it up.
void SoakCrowd::forget_gone() {
  std::erase_if(leaving_, [](const auto& guest) { return guest->peer().ended(); });
  while (!frozen_.empty() && frozen_.front().since + turns_frozen < turn_) {
    frozen_.pop_front();
  }
}

void SoakCrowd::work() {
  const std::size_t count = guests_.size();
  const std::size_t goers = times(count, turns_per_stay, turn_);
  for (std::size_t i = 0; i < goers; ++i) {
    send_away(any(count));
    invite();
  }
  for (std::size_t i = times(count, turns_per_edit, turn_); i > 0; --i) {
    Guest& guest = *guests_[any(count)];
    if (guest.is_in() && !guest.member().in_flight()) {
      guest.edit(random_());
      ++edits_;
    }
  }
  for (std::size_t i = times(count, turns_per_show, turn_); i > 0; --i) {
    Guest& guest = *guests_[any(count)];
    if (guest.is_in()) {
      guest.show();
    }
  }
  if (turn_ % 10 == 0) {
    move_item();
  }
  ++turn_;
  forget_gone();
  invite();
}

bool SoakCrowd::is_settled() const {
  return acks_ == sent_ && std::all_of(guests_.begin(), guests_.end(),
                                       [](const auto& guest) { return guest->is_settled(); });
}

bool SoakCrowd::presence_converged() const {
  std::map<std::string, std::map<std::string, std::uint64_t>> shown;
  for (const auto& guest : guests_) {
    shown[guest->room()][guest->member().src()] = guest->shown();
  }
  return std::all_of(guests_.begin(), guests_.end(), [&](const auto& guest) {
    auto expected = shown[guest->room()];
    expected.erase(guest->member().src());
    return guest->others() == expected;
  });
}

void SoakCrowd::audit_rooms() {
  for (std::size_t room = 0; room < rooms_.size(); ++room) {
    std::vector<const Member*> members;
    for (std::size_t place = room; place < guests_.size(); place += rooms_.size()) {
      members.push_back(&guests_[place]->member());
    }
    audit(io_, server_, {"soak", rooms_[room]}, members);
  }
}

}  // namespace segue::bench
