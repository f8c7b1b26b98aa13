#include "clients/cpp/client.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <exception>
#include <random>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "ot/builtin_types.h"
#include "ot/json_text.h"

namespace segue::client {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// One connection, from the attempt to its end. Shared with the write that is under way.
struct Line {
  explicit Line(const asio::any_io_executor& executor) : stream(executor) {}

  websocket::stream<beast::tcp_stream> stream;
  std::deque<std::string> queue;  // the first one is being written while `writing`
  bool up = false;                // the upgrade is done
  bool writing = false;
  bool closing = false;  // when the queue is empty
};

// When a server that shuts down says to come back (spec/limits.md, 1001).
std::optional<std::chrono::milliseconds> come_back_in(const websocket::close_reason& close) {
  constexpr std::string_view before = "come back in ";
  const std::string_view text(close.reason.data(), close.reason.size());
  const std::size_t found = text.find(before);
  if (close.code != websocket::close_code::going_away || found == std::string_view::npos) {
    return std::nullopt;
  }
  unsigned ms = 0;
  const auto read =
      std::from_chars(text.data() + found + before.size(), text.data() + text.size(), ms);
  if (read.ec != std::errc()) return std::nullopt;
  return std::chrono::milliseconds(ms);
}

}  // namespace

class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
 public:
  Impl(asio::any_io_executor executor, Url url, Options options)
      : executor_(std::move(executor)),
        url_(std::move(url)),
        options_(std::move(options)),
        state_(options_.state),
        timer_(executor_) {}

  void start();
  void stop();
  void abandon();
  // Sends and tells what the calls of this turn have brought, when it is over.
  void flush_later();

  SyncState& state() { return state_; }
  std::function<void(const Event&)> on_event = [](const Event&) {};
  std::function<void(bool)> on_online = [](bool) {};

 private:
  asio::awaitable<void> run();
  asio::awaitable<bool> connect(std::shared_ptr<Line> line);
  asio::awaitable<void> read(std::shared_ptr<Line> line);
  void configure(Line& line) const;
  void receive(std::string_view text);
  void flush();
  void tell_online();
  void write(const std::shared_ptr<Line>& line);
  void written(const std::shared_ptr<Line>& line, beast::error_code error);
  std::chrono::milliseconds pause();

  asio::any_io_executor executor_;
  Url url_;
  Options options_;
  SyncState state_;
  asio::steady_timer timer_;
  std::shared_ptr<Line> line_;  // null between two attempts
  bool started_ = false;
  bool stopped_ = false;
  bool abandoned_ = false;  // the owner is gone
  bool flush_posted_ = false;
  bool online_told_ = false;
  int failures_ = 0;                                     // since the last handshake
  std::optional<std::chrono::milliseconds> told_pause_;  // by the server, for the next attempt
  std::minstd_rand random_{std::random_device()()};
};

// ---- the connection

void Client::Impl::start() {
  if (std::exchange(started_, true)) {
    return;
  }
  asio::co_spawn(executor_, run(), [self = shared_from_this()](std::exception_ptr failed) {
    if (failed) {
      std::rethrow_exception(failed);  // Out of memory or a callback's; whoever runs us decides.
    }
  });
}

asio::awaitable<void> Client::Impl::run() {
  while (!stopped_) {
    line_ = std::make_shared<Line>(executor_);
    const bool connected = co_await connect(line_);
    if (connected && !stopped_) {
      line_->up = true;
      state_.opened();
      flush();
      co_await read(line_);
      told_pause_ = come_back_in(line_->stream.reason());
      state_.lost();
    }
    line_ = nullptr;
    flush();
    if (stopped_) {
      co_return;
    }
    timer_.expires_after(pause());
    co_await timer_.async_wait(as_result);
  }
}

asio::awaitable<bool> Client::Impl::connect(std::shared_ptr<Line> line) {
  asio::ip::tcp::resolver resolver(executor_);
  const auto [unknown, addresses] =
      co_await resolver.async_resolve(url_.host, url_.port, as_result);
  if (unknown || stopped_) {
    co_return false;
  }
  auto& tcp = beast::get_lowest_layer(line->stream);
  tcp.expires_after(options_.connect_timeout);
  const auto [unreachable, address] = co_await tcp.async_connect(addresses, as_result);
  if (unreachable || stopped_) {
    co_return false;
  }
  configure(*line);
  const std::string host = host_header(url_);
  const auto [refused] = co_await line->stream.async_handshake(host, url_.path, as_result);
  co_return !refused;
}

void Client::Impl::configure(Line& line) const {
  auto& tcp = beast::get_lowest_layer(line.stream);
  tcp.expires_never();  // The WebSocket has its own.
  tcp.socket().set_option(asio::ip::tcp::no_delay(true));
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = options_.connect_timeout;
  timeouts.idle_timeout = options_.idle_timeout;
  timeouts.keep_alive_pings = true;
  line.stream.set_option(timeouts);
  line.stream.read_message_max(options_.message_bytes_max);
  line.stream.text(true);
  const std::string token = options_.token ? options_.token() : "";
  if (!token.empty()) {
    line.stream.set_option(
        websocket::stream_base::decorator([token](websocket::request_type& request) {
          request.set(beast::http::field::authorization, "Bearer " + token);
        }));
  }
}

asio::awaitable<void> Client::Impl::read(std::shared_ptr<Line> line) {
  beast::flat_buffer buffer;
  while (true) {
    const auto [error, size] = co_await line->stream.async_read(buffer, as_result);
    if (error) {
      co_return;
    }
    receive({static_cast<const char*>(buffer.data().data()), size});
    buffer.consume(size);
  }
}

// What cannot be read is ignored, as is what is not known.
void Client::Impl::receive(std::string_view text) {
  if (const auto message = ot::parse_json(text)) {
    state_.receive(*message);
    flush();
  }
}

std::chrono::milliseconds Client::Impl::pause() {
  if (told_pause_) return std::min(*std::exchange(told_pause_, {}), options_.pause_last);
  constexpr int doublings_max = 20;
  const auto whole = std::min(options_.pause_last,
                              options_.pause_first * (1 << std::min(failures_++, doublings_max)));
  std::uniform_int_distribution<std::chrono::milliseconds::rep> drawn(whole.count() / 2,
                                                                      whole.count());
  return std::chrono::milliseconds(drawn(random_));
}

void Client::Impl::stop() {
  stopped_ = true;
  timer_.cancel();
  if (line_ == nullptr) {
    return;
  }
  if (!line_->up) {
    return beast::get_lowest_layer(line_->stream).cancel();
  }
  flush();
  line_->closing = true;
  write(line_);
}

void Client::Impl::abandon() {
  stopped_ = true;
  abandoned_ = true;  // The callbacks stay: one of them may be what drops the client.
  timer_.cancel();
  if (line_ != nullptr) {
    beast::get_lowest_layer(line_->stream).close();
  }
}

// ---- out

void Client::Impl::flush_later() {
  if (std::exchange(flush_posted_, true)) {
    return;
  }
  asio::post(executor_, [self = shared_from_this()] {
    self->flush_posted_ = false;
    self->flush();
  });
}

void Client::Impl::flush() {
  tell_online();
  if (!abandoned_ && line_ != nullptr && line_->up && !line_->closing) {
    for (std::string& message : state_.take_messages()) {
      line_->queue.push_back(std::move(message));
    }
    write(line_);
  }
  for (const Event& event : state_.take_events()) {
    if (abandoned_) {
      return;
    }
    on_event(event);
  }
}

void Client::Impl::tell_online() {
  if (!abandoned_ && online_told_ != state_.ready()) {
    online_told_ = state_.ready();
    failures_ = online_told_ ? 0 : failures_;
    on_online(online_told_);
  }
}

void Client::Impl::write(const std::shared_ptr<Line>& line) {
  if (line->writing) {
    return;
  }
  if (!line->queue.empty()) {
    line->writing = true;
    line->stream.async_write(
        asio::buffer(line->queue.front()),
        [self = shared_from_this(), line](beast::error_code error, std::size_t) {
          self->written(line, error);
        });
  } else if (line->closing) {
    line->writing = true;  // A close is one, and the last.
    line->stream.async_close(websocket::close_code::normal,
                             [self = shared_from_this(), line](beast::error_code) {});
  }
}

// After an error the reader learns of it too, and ends the connection.
void Client::Impl::written(const std::shared_ptr<Line>& line, beast::error_code error) {
  line->writing = false;
  line->queue.pop_front();
  if (!error) {
    write(line);
  }
}

// ---- the owner

Client::Options::Options() { state.find_type = &ot::find_type; }

Client::Client(asio::any_io_executor executor, Url url, Options options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(url), std::move(options))) {}

Client::~Client() { impl_->abandon(); }

void Client::on_event(std::function<void(const Event&)> callback) {
  impl_->on_event = std::move(callback);
}
void Client::on_online(std::function<void(bool)> callback) {
  impl_->on_online = std::move(callback);
}
void Client::start() { impl_->start(); }
void Client::stop() { impl_->stop(); }

void Client::subscribe(const ot::DocId& doc) {
  impl_->state().subscribe(doc);
  impl_->flush_later();
}
void Client::unsubscribe(const ot::DocId& doc) {
  impl_->state().unsubscribe(doc);
  impl_->flush_later();
}
void Client::fetch(const ot::DocId& doc) {
  impl_->state().fetch(doc);
  impl_->flush_later();
}
ot::Result<void> Client::create(const ot::DocId& doc, std::string_view type,
                                std::optional<ot::Json> data) {
  impl_->flush_later();
  return impl_->state().create(doc, type, std::move(data));
}
ot::Result<void> Client::edit(const ot::DocId& doc, const ot::Json& op) {
  impl_->flush_later();
  return impl_->state().edit(doc, op);
}
ot::Result<void> Client::remove(const ot::DocId& doc) {
  impl_->flush_later();
  return impl_->state().remove(doc);
}

const SyncState& Client::state() const { return impl_->state(); }

}  // namespace segue::client
