// A notice in the form that a channel takes. Pure: secrets stay references (ports/messenger.hpp).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "notify/notice.hpp"
#include "ports/messenger.hpp"

namespace muster::notify {

ports::Message message_of(const model::Channel& channel, const Notice& notice);

/// What Slack and those who read its form show, nothing in it being markup, a link or a mention:
/// "&", "<", ">" escaped, as Slack asks for.
std::string slack_body(const Notice& notice);

/// A mail (RFC 5322, MIME): headers that are not ASCII as encoded words (RFC 2047), the text as
/// base64 (RFC 2045), so that no line of it is too long, and nothing in it can end a header.
std::string mail_of(const std::string& from, const std::vector<std::string>& to,
                    const Notice& notice);

/// A header's value: as it is when it is printable ASCII, else in encoded words; never a line end.
std::string header_text(std::string_view text);

}  // namespace muster::notify
