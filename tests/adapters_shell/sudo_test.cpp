// The password goes when sudo asks, once, and never into a command line.
#include "adapters/shell/command.hpp"
#include "adapters/shell/sudo_dialogue.hpp"
#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace muster;
using shell::SudoDialogue;
using Next = SudoDialogue::Next;

TEST_CASE("a password is sent only after sudo's own prompt, and once") {
  SudoDialogue sudo;
  const auto prompt = sudo.sudo_words("root").at(3);
  CHECK(sudo.heard("We trust you have received the usual lecture. Password: ") == Next::wait);
  CHECK(sudo.heard(prompt.substr(0, 10)) == Next::wait);
  CHECK(sudo.heard(prompt.substr(10)) == Next::password);
  CHECK(sudo.heard("Sorry, try again.\n") == Next::wait);
  CHECK(sudo.heard(prompt) == Next::refused);
  CHECK(sudo.said().find(prompt) == std::string::npos);

  SudoDialogue free;
  const auto up = split(free.greeting(), ' ').at(1);
  CHECK(free.heard(std::string(100000, 'x')) == Next::wait);
  CHECK(free.said().starts_with("[…]\nxxx"));
  CHECK(free.said().size() <= 4096 + 6);
  CHECK(free.heard(up) == Next::shell);
}

TEST_CASE("no command line and no key of a channel holds a password") {
  ports::HostAddress host;
  host.name = host.address = "db-1";
  host.become = true;
  host.become_password = "hunter2";
  SudoDialogue sudo;
  std::string all = shell::channel_key(host) + shell::remote_command(host, &sudo).value();
  for (const auto& word : shell::local_command(host, {"busybox", "sh"}, "", &sudo).value())
    all += word + "\n";
  for (const auto& word :
       shell::ssh_command(host, {"ssh"}, "/c", std::chrono::seconds{1}, {}, &sudo).value())
    all += word + "\n";
  CHECK(all.find("hunter2") == std::string::npos);
  CHECK(all.find("sudo -S -p ") != std::string::npos);
  const auto key = shell::channel_key(host);
  host.become_password = "hunter3";
  CHECK(shell::channel_key(host) != key);
  host.become_password = "two\nlines";
  CHECK_FALSE(shell::remote_command(host, &sudo));
  host.become_password.clear();
  host.key_passphrase = "x";
  CHECK_FALSE(shell::ssh_command(host, {"ssh"}, "/c", std::chrono::seconds{1}, {}));
}
