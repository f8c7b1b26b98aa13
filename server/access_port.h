// AccessPort: what a session asks about access of its surroundings. Only where keys are in use.
#pragma once

#include <functional>
#include <memory>

#include "ot/ids.h"
#include "ot/message.h"
#include "ot/result.h"
#include "server/access/rights.h"

namespace segue::server {

class AccessPort {
 public:
  AccessPort() = default;
  AccessPort(const AccessPort&) = delete;
  AccessPort& operator=(const AccessPort&) = delete;
  virtual ~AccessPort() = default;

  // Whether the src belongs to the author, who has it from now on if it belonged to nobody. Calls
  // back at once or later, on the session's strand; with an error if the log could not be read.
  virtual void claim_src(const ot::ClientId& src, const std::string& author,
                         std::function<void(ot::Result<bool>)> then) = 0;
  // What the token or ticket gives. Errors: unauthorized, and why.
  virtual ot::Result<std::shared_ptr<const access::Rights>> authenticate(
      const ot::Authenticate& credentials) = 0;
};

}  // namespace segue::server
