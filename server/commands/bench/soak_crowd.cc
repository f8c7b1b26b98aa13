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
constexpr std::size_t fill_ops = 4'000;
constexpr int fills_max = 30;
constexpr std::size_t fills_in_flight = 500;
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
  curator_ = std::make_unique<Peer>(io_, server_, [this](std::string_view message) {
    acks_ += message.starts_with(R"({"a":"op")") ? 1 : 0;
  });
}

// ---- documents

std::string SoakCrowd::fill_message(std::size_t document) {
  const bool is_room = document < rooms_.size();
  const std::string name =
      is_room ? R"("c":"soak","d":")" + rooms_[document]
              : R"("c":")" + std::string(queried) + R"(","d":"item-)" + std::to_string(document);
  const std::string head =
      R"({"a":"op",)" + name + R"(","seq":)" + std::to_string(++seq_) + R"(,"v":)";
  if (seq_ <= rooms_.size() + items_) {
    return head + R"(0,"create":{"type":"json0","data":)" +
           (is_room ? room_data() : R"({"status":"s0"})") + "}}";
  }
  const std::string value =
      is_room ? std::to_string(1'000'000'000 + seq_) : "s" + std::to_string(any(statuses));
  return head + R"(null,"op":[{"p":[")" + (is_room ? "f0" : "status") + R"("],"od":"","oi":")" +
         value + "\"}]}";
}

void SoakCrowd::fill(Peer& author, std::size_t ops_per_document) {
  const std::size_t documents = rooms_.size() + items_;
  const std::uint64_t last = seq_ + ops_per_document * documents;
  while (acks_ < last) {
    for (; seq_ < last && seq_ - acks_ < fills_in_flight;) {
      author.send(fill_message(seq_ % documents));
    }
    const std::uint64_t before = acks_;
    run_until(
        io_, [&] { return acks_ > before; }, step_limit_s, "the documents to be made");
  }
  std::for_each(versions_.begin(), versions_.end(),
                [&](std::uint64_t& version) { version += ops_per_document; });
}

void SoakCrowd::build() {
  fill(*curator_, 1);
  std::size_t before = 0;
  for (int i = 0; i < fills_max; ++i) {
    fill(*curator_, fill_ops);
    const std::size_t now = stats_of(server_.endpoint).document_bytes;
    if (now < before + before / 50) {
      return;
    }
    before = now;
  }
  throw Broken("ops in memory have no bound: " + std::to_string(before) + " bytes");
}

void SoakCrowd::move_item() {
  curator_->send(fill_message(rooms_.size() + any(items_)));
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
  return acks_ == seq_ && std::all_of(guests_.begin(), guests_.end(),
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
