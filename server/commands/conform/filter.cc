#include "server/commands/conform/filter.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ot/json_text.h"

namespace segue::server {

namespace {

constexpr std::size_t unanswered_max = 20'000;  // of the protocol
constexpr std::size_t line_bytes_max = std::size_t{64} << 20;
constexpr int end_polls_max = 100;  // of 10 ms
constexpr std::chrono::milliseconds end_poll{10};
constexpr std::chrono::seconds lost_max{60};
constexpr std::size_t shown_max = 300;

std::string shown(std::string text) {
  if (text.size() <= shown_max) return text;
  return text.substr(0, shown_max) + "...";
}

// Both ends close on exec; the child gets copies.
std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "no pipe for the filter");
  }
  return ends;
}

}  // namespace

// It ended, or says nothing.
struct Filter::Gone : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Filter::Filter(std::string command, std::chrono::milliseconds patience)
    : command_(std::move(command)), patience_(patience) {
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(bugprone-unused-return-value): it cannot fail
  start();
}

// The child leads a process group, so that what the shell starts can be ended with it.
void Filter::start() {
  const auto input = make_pipe();
  const auto output = make_pipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t as_usual;
  sigemptyset(&as_usual);
  sigaddset(&as_usual, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &as_usual);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::string shell = "sh";
  std::string option = "-c";
  const std::array<char*, 4> arguments = {shell.data(), option.data(), command_.data(), nullptr};
  const int error =
      ::posix_spawn(&pid_, "/bin/sh", &actions, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  output_ = output[0];
  ::fcntl(input_, F_SETFL, O_NONBLOCK);
  if (error != 0) {
    ::close(std::exchange(input_, -1));
    ::close(std::exchange(output_, -1));
    pid_ = -1;
    throw std::system_error(error, std::generic_category(), "no process for the filter");
  }
}

Filter::~Filter() { stop(); }

void Filter::stop() {
  ::close(std::exchange(input_, -1));
  ::close(std::exchange(output_, -1));
  const pid_t pid = std::exchange(pid_, -1);
  if (pid < 0) return;
  for (int i = 0; i < end_polls_max; ++i) {
    if (::waitpid(pid, nullptr, WNOHANG) == pid) return;
    std::this_thread::sleep_for(end_poll);
  }
  ::kill(-pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

std::vector<ot::Json> Filter::ask(const std::vector<ot::Json>& requests) {
  using Clock = std::chrono::steady_clock;
  const std::size_t first = next_id_;
  const auto asked = Clock::now();
  std::string why;
  try {
    exchange_all(requests);
  } catch (const Gone& gone) {
    why = gone.what();
    lost_ += Clock::now() - asked;
    if (!has_answered_ || lost_ > lost_max) give_up(why);
    stop();
    unsent_.clear();
    unread_.clear();
    unanswered_.clear();
    start();
  }
  next_id_ = first + requests.size();
  std::vector<ot::Json> replies;
  for (std::size_t id = first; id < next_id_; ++id) {
    const auto reply = replies_.find(id);
    replies.push_back(reply == replies_.end() ? ot::Json::object({{"none", why}}) : reply->second);
  }
  replies_.clear();
  return replies;
}

void Filter::exchange_all(const std::vector<ot::Json>& requests) {
  for (const ot::Json& request : requests) {
    while (unanswered_.size() >= unanswered_max) exchange();
    ot::Json numbered = ot::Json::object({{"id", next_id_}});
    request.for_each_member(
        [&](std::string_view key, const ot::Json& value) { numbered.set(key, value); });
    unsent_ += ot::json_text(numbered) + "\n";
    unanswered_.emplace(next_id_++, std::move(numbered));
  }
  while (!unanswered_.empty()) exchange();
}

// Writes and reads what is possible now, or waits for that.
void Filter::exchange() {
  std::array<pollfd, 2> ends = {pollfd{output_, POLLIN, 0}, pollfd{input_, POLLOUT, 0}};
  const nfds_t count = unsent_.empty() ? 1 : 2;
  const int ready = ::poll(ends.data(), count, static_cast<int>(patience_.count()));
  if (ready < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "waiting for the filter");
  }
  if (ready == 0) end("the filter said nothing for " + std::to_string(patience_.count()) + " ms");
  if (ends[0].revents != 0) return read_some();
  if (count == 2 && ends[1].revents != 0) write_some();
}

void Filter::write_some() {
  const ssize_t written = ::write(input_, unsent_.data(), unsent_.size());
  if (written > 0) {
    unsent_.erase(0, static_cast<std::size_t>(written));
  } else if (errno != EAGAIN && errno != EINTR) {
    end(ended());
  }
}

void Filter::read_some() {
  std::array<char, 64 << 10> buffer{};
  const ssize_t size = ::read(output_, buffer.data(), buffer.size());
  if (size == 0 || (size < 0 && errno != EINTR)) end(ended());
  for (const char byte :
       std::string_view(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)))) {
    if (byte != '\n') {
      unread_ += byte;
    } else {
      receive(std::exchange(unread_, {}));
    }
  }
  if (unread_.size() > line_bytes_max) give_up("the filter does not end its line");
}

void Filter::receive(const std::string& line) {
  const auto reply = ot::parse_json(line);
  const ot::Json* id = reply ? reply->find("id") : nullptr;
  if (id == nullptr) give_up("the filter said what is no reply: " + shown(line));
  const auto known = id->is_number() && id->number() >= 0
                         ? unanswered_.find(static_cast<std::size_t>(id->number()))
                         : unanswered_.end();
  if (known == unanswered_.end()) give_up("the filter answers what was not asked: " + shown(line));
  if (!reply->find("ok") && !reply->find("undef") && !reply->find("err")) {
    give_up("the filter's reply has neither ok nor undef nor err: " + shown(line));
  }
  has_answered_ = true;
  replies_.emplace(known->first, *reply);
  unanswered_.erase(known);
}

void Filter::give_up(const std::string& why) {
  std::string what = why;
  if (!unanswered_.empty()) {
    what += "; not answered: " + ot::json_text(unanswered_.begin()->second);
  }
  if (pid_ > 0) ::kill(-pid_, SIGKILL);  // It would only complain about half a request.
  throw std::runtime_error(what);
}

void Filter::end(const std::string& why) {
  if (pid_ > 0) ::kill(-pid_, SIGKILL);
  throw Gone(why);
}

// How it ended. It has closed its output, so it is about to.
std::string Filter::ended() {
  int status = 0;
  for (int i = 0; i < end_polls_max; ++i) {
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      if (WIFSIGNALED(status)) {
        return "the filter was ended by signal " + std::to_string(WTERMSIG(status));
      }
      return "the filter ended with code " + std::to_string(WEXITSTATUS(status));
    }
    std::this_thread::sleep_for(end_poll);
  }
  return "the filter closed its output";
}

}  // namespace segue::server
