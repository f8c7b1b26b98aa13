// The part of DocumentActor that brings clients up to date: ops since a version, from memory or
// from the log.

#include <algorithm>
#include <string>
#include <utility>

#include "server/document_actor.h"
#include "server/document_work.h"
#include "server/rebuild.h"

namespace segue::server {

void DocumentActor::catch_up(std::shared_ptr<CatchUp> work) {
  const DocRequest& request = work->request;
  if (state_ == State::failed) {
    return leave_to_later(request);
  }
  if (request.client->has_ended()) {
    return unblock(request);
  }
  if (work->from > document_.version()) {
    return reply_error(
        request, {ot::Errc::version_ahead, "Requested version " + std::to_string(work->from.value) +
                                               " is newer than the document's version " +
                                               std::to_string(document_.version().value)});
  }
  if (work->from >= document_.history().begin()) {
    return catch_up_from_memory(std::move(work));
  }
  catch_up_from_log(std::move(work));
}

void DocumentActor::catch_up_from_memory(std::shared_ptr<CatchUp> work) {
  if (document_.version() - work->from <= host_.limits().catch_up_ops_at_once) {
    finish_catch_up(*work);
    return unblock(work->request);
  }
  if (!take_turn(work->request, [self = shared_from_this(), work] { self->catch_up(work); })) {
    return;
  }
  const ot::Version to = std::min(work->from + host_.limits().catch_up_ops, document_.version());
  auto send = [self = shared_from_this(), work, to,
               ops = document_.history().range(work->from, to)] {
    work->from = to;
    self->host_.deliver_piece(work->request.client, self->ops_frame(ops, work->request.projection),
                              [self, work] { self->catch_up(work); });
  };
  show_when_durable(work->request.client, std::move(send));
}

void DocumentActor::catch_up_from_log(std::shared_ptr<CatchUp> work) {
  if (!take_turn(work->request, [self = shared_from_this(), work] { self->catch_up(work); })) {
    return;
  }
  const ot::Version to =
      std::min(work->from + host_.limits().catch_up_ops, document_.history().begin());
  read_ops(work->from, to, [self = shared_from_this(), work](ot::Result<OpList> ops) {
    if (!ops) {
      self->reply_error(work->request, ops.error());
      return self->unblock(work->request);
    }
    work->from = work->from + ops->size();
    self->host_.deliver_piece(work->request.client, self->ops_frame(*ops, work->request.projection),
                              [self, work] { self->catch_up(work); });
  });
}

// The rest is short. From here on the client gets every op as it comes.
void DocumentActor::finish_catch_up(const CatchUp& work) {
  const DocRequest& request = work.request;
  if (work.subscribe) {
    subscribe(request);
  }
  show_when_durable(request.client,
                    [self = shared_from_this(), request,
                     ops = document_.history().range(work.from, document_.version())] {
                      self->send_ops(request, ops);
                      self->reply_plain_now(request);
                    });
  if (work.subscribe) {
    show_leases(request);
  }
}

void DocumentActor::read_ops(ot::Version from, ot::Version to,
                             std::function<void(ot::Result<OpList>)> then) {
  auto result = std::make_shared<ot::Result<OpList>>();
  host_.read(
      [result, id = id_, from, to, bytes = host_.limits().catch_up_bytes](const oplog::OpLog& log) {
        auto entries = log.read(id, from, to, bytes);
        if (!entries) {
          *result = ot::fail(std::move(entries.error()));
          return;
        }
        for (oplog::Entry& entry : *entries) {
          (*result)->push_back(
              std::make_shared<const ot::CommittedOp>(committed_op(std::move(entry))));
        }
        if (entries->empty()) {
          *result = ot::fail(ot::Errc::uncoded, "Missing ops");
        }
      },
      [result, then = std::move(then)] { then(std::move(*result)); });
}

}  // namespace segue::server
