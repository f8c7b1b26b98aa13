#include "server/connection.h"

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "server/access/access.h"
#include "server/access_port.h"
#include "server/buffered_socket.h"
#include "server/bulk_reply.h"
#include "server/compression/deflate.h"
#include "server/compression/offer.h"
#include "server/connection_list.h"
#include "server/log.h"
#include "server/random_id.h"
#include "server/read_watch.h"
#include "server/session.h"

namespace segue::server {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t pieces_per_write = 64;          // what Asio hands to one system call
constexpr std::size_t buffer_bytes_kept = 16u << 10;  // between messages, for reading the next

class Connection : public Client,
                   public SessionPort,
                   public AccessPort,
                   public Writer,
                   public std::enable_shared_from_this<Connection> {
 public:
  Connection(Socket socket, std::unique_ptr<Visit> visit, Worker& worker,
             ConnectionList& connections)
      : Client(worker.index()),
        visit_(std::move(visit)),
        worker_(worker),
        connections_(connections),
        stream_(std::move(socket),
                Outbox(worker.limits().outbox_bytes_max, worker.limits().outbox_frames_max)),
        session_(ot::ClientId{random_id()}, worker.limits(), worker.types(), *this,
                 worker.rules()) {}

  // Before run(), where keys are in use.
  void admit(std::shared_ptr<const access::Rights> rights);
  // Serves the connection until it ends.
  asio::awaitable<void> run(HttpRequest request);
  // Leaves everything; also if run() has thrown. May be called again.
  void end();

  // Client
  void deliver(const Frame& frame) override { session_.on_frame(frame); }
  void begin_catch_up(std::function<void()> callback) override;
  void end_catch_up() override;
  void deliver_piece(const Frame& frame) override;
  void deliver_part(const std::shared_ptr<BulkReply>& bulk, const std::string& id,
                    const std::string& text) override {
    session_.on_bulk_part(bulk, id, text);
  }
  void when_drained(std::function<void()> callback) override;
  void ignore_input() override { ignoring_ = true; }
  std::size_t waiting_bytes() const override { return stream_.next_layer().outbox().bytes(); }
  ConnectionInfo describe() const override;
  void access_changed() override;
  void close(CloseReason reason) override;

  // SessionPort
  void send(const Frame& frame) override;
  void forward(const ot::DocId& doc, DocRequest request) override;
  void forward(ChannelRequest request) override;
  void forward(QueryRequest request) override;
  void on_refused(ot::Errc code) override { worker_.on_refused(code); }

  // AccessPort
  void claim_src(const ot::ClientId& src, const std::string& author,
                 std::function<void(ot::Result<bool>)> then) override;
  ot::Result<std::shared_ptr<const access::Rights>> authenticate(
      const ot::Authenticate& credentials) override;

  // Writer
  void write() override;

 private:
  enum class State { opening, open, closing, ended };

  Outbox& outbox() { return stream_.next_layer().outbox(); }
  Socket& socket() { return stream_.next_layer().next_layer(); }
  bool has_sent_all() { return outbox().empty() && !socket().has_unsent(); }
  void configure();
  void agree_on_compression(const HttpRequest& request);
  Frame as_sent(const Frame& frame) const;
  asio::awaitable<void> wait_for_turn(std::size_t message_bytes);
  void handle(std::size_t message_bytes);
  void watch_expiry();
  void schedule_write();
  std::size_t send_waiting(beast::error_code& error);
  void write_when_possible();
  void drained();

  std::unique_ptr<Visit> visit_;  // nothing where it is not held to limits
  Worker& worker_;
  ConnectionList& connections_;
  websocket::stream<BufferedSocket, false> stream_;
  beast::flat_buffer buffer_;
  Session session_;
  const std::int64_t since_ms_ = worker_.now_ms();
  ReadWatch watch_{worker_.io().get_executor(), worker_.limits(),
                   [this](CloseReason reason) { close(reason); }};
  State state_ = State::opening;
  bool packs_ = false;  // what it sends: permessage-deflate is agreed on
  bool writing_ = false;
  bool ignoring_ = false;
  std::vector<std::function<void()>> when_drained_;
  bool catching_up_ = false;
  std::deque<std::function<void()>> catch_ups_;  // waiting for their turn
  // Where keys are in use.
  std::unique_ptr<asio::system_timer> expiry_;         // of the session's token
  std::unique_ptr<asio::system_timer> session_waits_;  // until it is cancelled
};

void Connection::configure() {
  const Limits& limits = worker_.limits();
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = limits.handshake_timeout;
  timeouts.idle_timeout = limits.idle_timeout;
  timeouts.keep_alive_pings = true;
  stream_.set_option(timeouts);
  stream_.read_message_max(limits.message_bytes_drained_max);
  stream_.control_callback(
      [this](websocket::frame_type, beast::string_view) { watch_.control_frame(); });
  stream_.next_layer().on_read([this] { watch_.socket_read(); });
  stream_.next_layer().on_pending([this] { schedule_write(); });
  stream_.next_layer().on_drain([this](auto callback) { when_drained(std::move(callback)); });
}

void Connection::agree_on_compression(const HttpRequest& request) {
  namespace http = beast::http;
  const auto agreed = worker_.compresses()
                          ? accept_compression(view(request[http::field::sec_websocket_extensions]))
                          : std::nullopt;
  if (!agreed) {
    return;
  }
  packs_ = true;
  stream_.next_layer().unpack(agreed->window_bits);
  stream_.set_option(websocket::stream_base::decorator(
      [answer = agreed->answer](websocket::response_type& response) {
        response.set(http::field::sec_websocket_extensions, answer);
      }));
}

asio::awaitable<void> Connection::run(HttpRequest request) {
  connections_.add(this);
  worker_.metrics().opened.add();
  configure();
  agree_on_compression(request);
  const auto [refused] = co_await stream_.async_accept(request, as_result);
  if (refused) {
    co_return;
  }
  state_ = State::open;
  access_changed();  // It may have while the connection was not yet known.
  session_.start();
  watch_.opened();
  while (true) {
    const std::size_t room = stream_.read_size_hint(buffer_);
    const auto [error, size] = co_await stream_.async_read_some(buffer_, room, as_result);
    if (error) {
      co_return;
    }
    if (!stream_.is_message_done()) {
      watch_.part_of_message();
      continue;
    }
    watch_.message();
    const std::size_t message_bytes = buffer_.size();
    handle(message_bytes);
    while (session_.is_waiting()) {
      co_await session_waits_->async_wait(as_result);
    }
    if (visit_) {
      co_await wait_for_turn(message_bytes);
    }
  }
}

// Who sends too fast is read more slowly. Nothing is lost.
asio::awaitable<void> Connection::wait_for_turn(std::size_t message_bytes) {
  const auto wait = std::min<std::chrono::milliseconds>(
      visit_->pay(message_bytes, Shared::steady_ms()), worker_.limits().rate_wait_max);
  if (wait.count() > 0) {
    asio::steady_timer timer(worker_.io(), wait);
    co_await timer.async_wait(as_result);
  }
}

void Connection::handle(std::size_t message_bytes) {
  if (state_ == State::open && !ignoring_) {
    const access::Rights* rights = session_.rights().get();
    if (stream_.got_text()) {
      session_.on_message({static_cast<const char*>(buffer_.data().data()), message_bytes});
      if (session_.has_understood()) {
        watch_.understood();
      }
    } else {
      close(not_text);
    }
    if (session_.rights().get() != rights) {
      watch_expiry();
    }
  }
  buffer_.consume(message_bytes);
  if (buffer_.capacity() > buffer_bytes_kept) {
    buffer_.shrink_to_fit();
  }
}

void Connection::end() {
  if (state_ == State::ended) {
    return;
  }
  state_ = State::ended;
  set_ended();
  connections_.remove(this);
  expiry_.reset();
  watch_.stop();
  session_.stop();
  drained();
  for (const auto& callback : std::exchange(catch_ups_, {})) {
    callback();
  }
  socket().close();
}

ConnectionInfo Connection::describe() const {
  const access::Rights* rights = session_.rights().get();
  return {.src = session_.src().value,
          .author = std::string(rights != nullptr ? rights->author() : oplog::anonymous),
          .address = stream_.next_layer().next_layer().address(),
          .since_ms = since_ms_,
          .subscriptions = session_.subscriptions(),
          .outbox_bytes = waiting_bytes()};
}

// ---- outgoing

Frame Connection::as_sent(const Frame& frame) const {
  return packs_ && frame.bytes().size() > packed_bytes_min ? frame.packed(&pack_frames) : frame;
}

void Connection::send(const Frame& frame) {
  if (state_ != State::open) {
    return;
  }
  if (!outbox().push(as_sent(frame))) {
    return close(slow_consumer);
  }
  schedule_write();
}

void Connection::deliver_piece(const Frame& frame) {
  if (state_ == State::open) {
    outbox().push_unbounded(as_sent(frame));
    schedule_write();
  }
}

void Connection::begin_catch_up(std::function<void()> callback) {
  if (state_ == State::ended || !catching_up_) {
    catching_up_ = true;
    return callback();
  }
  catch_ups_.push_back(std::move(callback));
}

void Connection::end_catch_up() {
  catching_up_ = false;
  if (!catch_ups_.empty()) {
    const auto next = std::move(catch_ups_.front());
    catch_ups_.pop_front();
    begin_catch_up(next);
  }
}

void Connection::when_drained(std::function<void()> callback) {
  if (state_ == State::ended || has_sent_all()) {
    return callback();
  }
  when_drained_.push_back(std::move(callback));
}

void Connection::drained() {
  for (const auto& callback : std::exchange(when_drained_, {})) {
    callback();
  }
}

void Connection::schedule_write() {
  if (!writing_ && !outbox().empty()) {
    writing_ = true;
    worker_.write_later(shared_from_this());
  }
}

void Connection::write() {
  while (!has_sent_all()) {
    beast::error_code error;
    const std::size_t bytes = send_waiting(error);
    if (error == asio::error::would_block) {
      return write_when_possible();
    }
    if (error) {
      return end();
    }
    outbox().consume(bytes);
  }
  writing_ = false;
  drained();
}

// What the socket takes now, in one system call.
std::size_t Connection::send_waiting(beast::error_code& error) {
  std::array<std::string_view, pieces_per_write> pieces;
  const std::size_t count = outbox().front(pieces);
  return socket().write_now(std::span(pieces).first(count), error);
}

void Connection::write_when_possible() {
  socket().async_wait_writable([self = shared_from_this()](beast::error_code error) {
    error ? self->end() : self->write();
  });
}

void Connection::close(CloseReason reason) {
  if (state_ != State::open) {
    return;
  }
  state_ = State::closing;
  worker_.metrics().closed[index_of(reason)].add();
  const std::string author = session_.rights() ? session_.rights()->author() : "";
  log_debug({.connection = session_.src().value, .author = author}, "closed: {} {}", reason.code,
            reason.text);
  if (reason.code == slow_consumer.code || reason.code == logged_out.code) {
    outbox().drop_unsent();
  }
  const websocket::close_reason why(static_cast<websocket::close_code>(reason.code),
                                    beast::string_view(reason.text.data(), reason.text.size()));
  stream_.async_close(why, [self = shared_from_this()](beast::error_code) {});
}

void Connection::forward(const ot::DocId& doc, DocRequest request) {
  request.client = shared_from_this();
  request.received_us = worker_.clock_us();
  worker_.route(doc, std::move(request));
}

void Connection::forward(QueryRequest request) {
  request.client = shared_from_this();
  worker_.route(std::move(request));
}

void Connection::forward(ChannelRequest request) {
  request.client = shared_from_this();
  worker_.route(std::move(request));
}

// ---- access

void Connection::admit(std::shared_ptr<const access::Rights> rights) {
  worker_.access()->srcs().claim(session_.src().value, rights->author(), std::nullopt);
  expiry_ = std::make_unique<asio::system_timer>(worker_.io());
  session_waits_ = std::make_unique<asio::system_timer>(worker_.io());
  session_waits_->expires_at(asio::system_timer::time_point::max());
  session_.admit(std::move(rights), *this);
  watch_expiry();
}

void Connection::watch_expiry() {
  const std::chrono::duration<double> expires(session_.rights()->identity().expires_s);
  constexpr std::chrono::hours longest(24);
  const auto now = asio::system_timer::clock_type::now();
  expiry_->expires_at(expires > (now + longest).time_since_epoch()
                          ? now + longest
                          : asio::system_timer::time_point(
                                std::chrono::ceil<asio::system_timer::duration>(expires)));
  expiry_->async_wait([weak = weak_from_this()](beast::error_code cancelled) {
    const auto self = weak.lock();
    if (self != nullptr && !cancelled) {
      self->access_changed();
    }
  });
}

// Or time has passed, which may take a token out of force as well.
void Connection::access_changed() {
  if (state_ == State::ended || session_.rights() == nullptr) {
    return;
  }
  auto renewed = worker_.access()->renew(*session_.rights(), worker_.now_s());
  if (!renewed) {
    return close(logged_out);
  }
  session_.admit(std::move(*renewed), *this);
  watch_expiry();
}

ot::Result<std::shared_ptr<const access::Rights>> Connection::authenticate(
    const ot::Authenticate& credentials) {
  access::Access& access = *worker_.access();
  return credentials.kind == ot::Authenticate::Kind::token
             ? access.check(credentials.value, worker_.now_s())
             : access.redeem(credentials.value, worker_.now_s());
}

void Connection::claim_src(const ot::ClientId& src, const std::string& author,
                           std::function<void(ot::Result<bool>)> then) {
  access::SrcAuthors& srcs = worker_.access()->srcs();
  if (const auto known = srcs.is_author(src.value, author)) {
    return then(*known);
  }
  auto logged = std::make_shared<ot::Result<std::optional<std::string>>>();
  worker_.read([logged, src](const oplog::OpLog& log) { *logged = log.src_author(src); },
               [self = shared_from_this(), &srcs, logged, src, author, then = std::move(then)] {
                 *logged ? then(srcs.claim(src.value, author, **logged))
                         : then(ot::fail(logged->error()));
                 self->session_waits_->cancel();
               });
}

}  // namespace

void serve_connection(Upgrade upgrade, Worker& worker, ConnectionList& connections) {
  auto& [socket, request, rights, visit] = upgrade;
  if (visit && rights != nullptr) {
    visit->introduce(rights->author(), Shared::steady_ms());
  }
  auto connection =
      std::make_shared<Connection>(std::move(socket), std::move(visit), worker, connections);
  if (rights != nullptr) {
    connection->admit(std::move(rights));
  }
  auto task = connection->run(std::move(request));
  asio::co_spawn(worker.io(), std::move(task), [connection](std::exception_ptr failed) {
    if (failed) {
      log_exception("connection", failed);
    }
    connection->end();
  });
}

}  // namespace segue::server
