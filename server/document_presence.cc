// The part of DocumentActor that shows places in its document: each is carried to the newest
// version first, and shown when that is durable.

#include <algorithm>
#include <utility>

#include "ot/reply.h"
#include "server/channel_request.h"
#include "server/document_actor.h"
#include "server/document_work.h"

namespace segue::server {

void DocumentActor::on(const DocRequest& request, const ot::PresenceUpdate& update) {
  auto work = std::make_shared<PresenceWork>(PresenceWork{request, update.presence});
  work->presence.src = request.src;
  show_presence(work);
}

// It may be old, and its owner is asked as well: the log is not worth reading.
void DocumentActor::on(const DocRequest& request, const ShowAgain& again) {
  const auto work = std::make_shared<PresenceWork>(PresenceWork{request, again.presence});
  ot::Presence& presence = work->presence;
  if (presence.version && *presence.version < document_.history().begin()) {
    return;
  }
  if (!carry_presence(presence) || presence.value.is_null()) {
    return;
  }
  show_when_durable(request.client, [self = shared_from_this(), work] {
    self->send(work->request.client, Frame::text(ot::presence_message(work->presence)));
  });
}

void DocumentActor::show_presence(const std::shared_ptr<PresenceWork>& work) {
  if (state_ == State::failed) {
    return leave_to_later(work->request);
  }
  ot::Presence& presence = work->presence;
  const bool is_gone = presence.value.is_null();
  if (!is_gone && presence.version && *presence.version < document_.history().begin()) {
    return carry_over_log(work);
  }
  if (auto carried = carry_presence(presence); !carried) {
    reply_error(work->request, carried.error());
    return unblock(work->request);
  }
  show_when_durable(work->request.client, [self = shared_from_this(), work] {
    const DocRequest& request = work->request;
    const ot::Presence& shown = work->presence;
    std::string reply = request.message.view().is_object() ? ot::presence_message(shown) : "";
    self->host_.publish(
        {request.client, request.src, shown.channel, Show{shown, self->id_, std::move(reply)}});
  });
  unblock(work->request);
}

// To the newest version, over ops in memory.
ot::Result<void> DocumentActor::carry_presence(ot::Presence& presence) const {
  const ot::Version head = document_.version();
  if (!presence.version || *presence.version >= head) {
    return {};
  }
  if (presence.value.is_null()) {
    presence.version = head;
    return {};
  }
  if (presence.type == nullptr) {
    return ot::fail(ot::Errc::doc_type_not_recognized, "Unknown type");
  }
  return document_.carry(presence, document_.history().range(*presence.version, head));
}

void DocumentActor::carry_over_log(const std::shared_ptr<PresenceWork>& work) {
  block(work->request);
  const ot::Version from = *work->presence.version;
  const ot::Version to = std::min(from + host_.limits().catch_up_ops, document_.history().begin());
  read_ops(from, to, [self = shared_from_this(), work](ot::Result<OpList> ops) {
    ot::Presence& presence = work->presence;
    ot::Result<void> carried;
    if (!ops) {
      carried = ot::fail(std::move(ops.error()));
    } else if (presence.type == nullptr) {
      carried = ot::fail(ot::Errc::doc_type_not_recognized, "Unknown type");
    } else {
      carried = self->document_.carry(presence, *ops);
    }
    if (!carried) {
      self->reply_error(work->request, carried.error());
      return self->unblock(work->request);
    }
    self->show_presence(work);
  });
}

}  // namespace segue::server
