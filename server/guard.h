// What keeps strangers from crowding everybody else out: how many connections there may be, and how
// fast each of them, an author's and an address's together may send. Normative: spec/limits.md.
//
// Threads: any. Outlives every connection.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "server/admission.h"
#include "server/rates.h"

namespace segue::server {

struct GuardLimits {
  AdmissionLimits admission;
  RateLimits connection{{.per_second = 500, .burst = 2'000}, {.per_second = 4e6, .burst = 16e6}};
  // Of one author or one address: four times that.
  RateLimits together{{.per_second = 2'000, .burst = 8'000}, {.per_second = 16e6, .burst = 64e6}};
};

struct Guard {
  Guard(const GuardLimits& wanted, bool on_loopback_too,
        std::vector<boost::asio::ip::address> let_through)
      : limits(wanted),
        admission(wanted.admission),
        authors(wanted.together),
        addresses(wanted.together),
        holds_on_loopback(on_loopback_too),
        trusted(std::move(let_through)) {}

  bool concerns(const boost::asio::ip::address& address) const {
    if (address.is_loopback() && !holds_on_loopback) return false;
    return std::find(trusted.begin(), trusted.end(), address) == trusted.end();
  }

  const GuardLimits limits;
  Admission admission;
  Payers authors;
  Payers addresses;
  const bool holds_on_loopback;
  const std::vector<boost::asio::ip::address> trusted;  // proxies, behind which are many
};

// One connection's dealings with the guard.
class Visit {
 public:
  // Nothing where there is no room for the connection.
  static std::unique_ptr<Visit> begin(Guard& guard, const std::string& address,
                                      std::int64_t now_ms) {
    auto place = guard.admission.enter(address);
    if (!place) return nullptr;
    return std::unique_ptr<Visit>(
        new Visit(guard, std::move(*place), guard.addresses.find(address, now_ms)));
  }

  // It is known who this is.
  void introduce(const std::string& author, std::int64_t now_ms) {
    place_.introduce();
    author_ = guard_->authors.find(author, now_ms);
  }
  bool is_stranger() const { return place_.is_stranger(); }
  // Pays for a message; how long to wait before the next is read.
  std::chrono::milliseconds pay(std::size_t bytes, std::int64_t now_ms) {
    const auto wait = std::max(own_.pay(bytes, now_ms), address_->pay(bytes, now_ms));
    return author_ == nullptr ? wait : std::max(wait, author_->pay(bytes, now_ms));
  }

 private:
  Visit(Guard& guard, Admission::Place place, std::shared_ptr<Payer> address)
      : guard_(&guard),
        place_(std::move(place)),
        own_(guard.limits.connection),
        address_(std::move(address)) {}

  Guard* guard_;
  Admission::Place place_;
  Payer own_;
  std::shared_ptr<Payer> address_;
  std::shared_ptr<Payer> author_;  // null: not known yet
};

}  // namespace segue::server
