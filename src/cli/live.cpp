#include "cli/live.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "base/text.hpp"
#include "cli/terminal.hpp"
#include "journal/kinds.hpp"
#include "report/columns.hpp"
#include "report/events.hpp"
#include "report/terminal.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;

namespace {

constexpr std::chrono::milliseconds kBeat{250};

/// What the locale's variables say, in their order of precedence (POSIX, "Environment Variables").
bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* value = std::getenv(name); value && *value) {
      const std::string_view text{value};
      return text.find("UTF-8") != text.npos || text.find("utf8") != text.npos;
    }
  return false;
}

bool can_move_cursor() {
  const char* term = std::getenv("TERM");
  return isatty(STDOUT_FILENO) && term && *term && std::string_view{term} != "dumb";
}

}  // namespace

LiveView::LiveView(boost::asio::io_context& io, ports::Clock& clock, const plan::Plan& plan,
                   Options options)
    : clock_{clock},
      plan_{plan},
      options_{std::move(options)},
      live_{plan},
      output_{io, STDOUT_FILENO},
      timer_{io},
      resized_{io} {
  if (options_.json || options_.line_to || !can_move_cursor()) return;
  screen_.colour = wants_colour();
  screen_.unicode = speaks_utf8();
  measure_screen();
  if (screen_.columns < report::kScreenColumnsMin || screen_.rows < report::kScreenRowsMin) return;
  picture_.emplace([](std::string_view text) { return report::columns_of(text); });
  if (options_.ask_here)
    keyboard_ = terminal::Keyboard::open(
        io, STDIN_FILENO, [this] { paint(); },
        [this](const std::string& text) {
          const auto asked = questions_.prompt();
          if (asked.empty()) return;
          line(fmt::format("         {}{}", asked, text));
          if (const auto said = questions_.take(text); !said.empty()) line("         " + said);
        });
  resized_.add(SIGWINCH);
  watch_size();
  beat();
}

LiveView::~LiveView() {
  if (has_block()) {
    std::string last = picture_->wipe(screen_.columns);
    for (const auto& text : std::exchange(above_, {})) last += text + "\n";
    output_.write(last);
  }
  output_.drain(std::chrono::seconds{2});
}

void LiveView::show(const journal::Draft& draft) {
  if (!start_) start_ = draft.at;
  live_.seen(draft);
  if (options_.json) return json_line(draft);
  questions_.seen(draft);
  if (const auto text = report::progress_line(draft, *start_, plan_)) line(*text);
}

void LiveView::sampled(const std::string& service, const std::vector<measure::Sample>& samples) {
  live_.sampled(service, samples);
}

void LiveView::note(const std::string& text) {
  if (!options_.json) line(text);
}

void LiveView::json_line(const journal::Draft& draft) {
  Json out{{"ts", format_utc(draft.ts)}, {"action", draft.action}, {"drill", plan_.drill}};
  if (!options_.run.empty()) out["run"] = options_.run;
  for (const auto& [key, value] : {std::pair{"step", &draft.step},
                                   {"host", &draft.target.host},
                                   {"effect", &draft.intent_ref},
                                   {"outcome", &draft.outcome}})
    if (!value->empty()) out[key] = *value;
  if (!draft.data.is_null()) out["data"] = draft.data;
  output_.write(out.dump() + "\n");
}

void LiveView::line(std::string text) {
  if (options_.line_to) return options_.line_to(text);
  if (!has_block()) return output_.write(text + "\n");
  above_.push_back(std::move(text));
  paint();
}

void LiveView::measure_screen() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return;
  screen_.columns = size.ws_col;
  screen_.rows = size.ws_row;
}

void LiveView::paint() {
  // Somebody stopped the terminal: the next picture shows what is true then.
  if (!has_block() || !output_.idle()) return;
  std::vector<std::string> block;
  if (screen_.columns >= report::kScreenColumnsMin && screen_.rows >= report::kScreenRowsMin)
    block = live_.block(clock_.now(), clock_.wall(), screen_);
  if (const auto asked = questions_.prompt(); keyboard_ && !asked.empty()) {
    // The end of what is typed stays in sight.
    std::string typed = report::one_line(keyboard_->text());
    const int room = screen_.columns - 1 - std::min(report::columns_of(asked), screen_.columns / 2);
    const auto is_rest = [&] { return (static_cast<unsigned char>(typed.front()) & 0xC0) == 0x80; };
    while (report::columns_of(typed) > room) do
        typed.erase(0, 1);
      while (!typed.empty() && is_rest());
    block.push_back(report::cut_to(asked, screen_.columns - 1 - report::columns_of(typed)) + typed);
  }
  output_.write(picture_->paint(std::exchange(above_, {}), block, screen_.columns));
}

void LiveView::beat() {
  paint();
  timer_.expires_after(kBeat);
  timer_.async_wait([this, here = std::weak_ptr{here_}](const boost::system::error_code& ec) {
    if (!ec && !here.expired()) beat();
  });
}

void LiveView::watch_size() {
  resized_.async_wait(
      [this, here = std::weak_ptr{here_}](const boost::system::error_code& ec, int) {
        if (ec || here.expired()) return;
        measure_screen();
        paint();
        watch_size();
      });
}

}  // namespace muster::cli
