// How many connections there may be at a time: of one address, and of those that have not said who
// they are.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace segue::server {

struct AdmissionLimits {
  std::size_t strangers_max = 1000;  // connections that are not authenticated
  std::size_t per_address_max = 200;
};

// Outlives its places. Any thread.
class Admission {
 public:
  explicit Admission(AdmissionLimits limits) : limits_(limits) {}

  // A connection's place, given up at its end.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Place& operator=(Place&&) = delete;
    ~Place();
    // From here on it counts for its address only.
    void introduce();
    bool is_stranger() const { return is_stranger_; }

   private:
    friend class Admission;
    Place(Admission& admission, std::string address)
        : admission_(&admission), address_(std::move(address)) {}

    Admission* admission_;  // null: moved from
    std::string address_;
    bool is_stranger_ = true;
  };

  // Nothing where there is no room.
  std::optional<Place> enter(const std::string& address);
  std::size_t strangers() const;

 private:
  void leave(const std::string& address, bool is_stranger);
  void introduce();

  AdmissionLimits limits_;
  mutable std::mutex mutex_;
  std::size_t strangers_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};

}  // namespace segue::server
