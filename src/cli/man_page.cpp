#include "cli/man_page.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string_view>

#include "animate/version.h"

namespace animate::cli {
namespace {

// The letter at the head of UTF-8 text, as groff names it: "\\[u2026]". Takes it off.
std::string named_letter(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const size_t length = std::min<size_t>(first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4, text.size());
  unsigned code = first & (0xffU >> (length + 1));
  for (size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  text.remove_prefix(length);
  return fmt::format("\\[u{:04X}]", code);
}

// Text that roff leaves as it is: a minus, not a hyphen, and no line that begins with a request.
std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    if (static_cast<unsigned char>(c) >= 0x80) {
      out += named_letter(text);
      continue;
    }
    if (c == '-') {
      out += "\\-";
    } else if (c == '\\') {
      out += "\\e";
    } else if (out.empty() && (c == '.' || c == '\'')) {
      out += std::string("\\&") + c;
    } else {
      out += c;
    }
    text.remove_prefix(1);
  }
  return out;
}

// Lines as they stand, as examples are.
std::string verbatim(const std::string& text) {
  std::string out = ".nf\n";
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    out += line.empty() ? ".sp\n" : plain(line) + "\n";
    begin = end + 1;
  }
  return out + ".fi\n";
}

std::string names_of(const OutlineFlag& flag) {
  std::string text;
  for (const auto* names : {&flag.names, &flag.no}) {
    for (const std::string& name : *names) text += fmt::format("{}\\fB{}\\fR", text.empty() ? "" : ", ", plain(name));
  }
  if (!flag.value.empty() && flag.value != "VALUE")
    text += fmt::format("{}\\fI{}\\fR", text.empty() ? "" : " ", plain(flag.value));
  return text;
}

std::string flags_of(const Outline& command, bool with_groups) {
  std::string text;
  std::string group;
  for (const OutlineFlag& flag : command.flags) {
    if (with_groups && flag.group != group) text += fmt::format(".SS {}\n", plain(flag.group));
    group = flag.group;
    const std::string usual = flag.usual.empty() ? "" : fmt::format(" (default {})", plain(flag.usual));
    text += fmt::format(".TP\n{}\n{}{}\n", names_of(flag), plain(flag.help), usual);
  }
  return text;
}

void append_command(std::string& page, const Outline& command, const std::string& path) {
  page += fmt::format(".SH {}\n{}\n", plain(path), plain(command.summary) + ".");
  page += flags_of(command, /*with_groups=*/false);
  if (!command.footer.empty()) page += ".PP\n" + verbatim(command.footer);
  for (const Outline& below : command.commands) append_command(page, below, path + " " + below.name);
}

}  // namespace

std::string man_page(const Outline& program) {
  std::string page = fmt::format(
      R"(.\" Made by `animate completion man` from the rows of --help.
.TH ANIMATE 1 "" "animate {}" "User Commands"
.SH NAME
animate \- bring a still picture to life: it moves like a driving clip
.SH SYNOPSIS
.B animate
\fB\-s\fR \fISOURCE\fR \fB\-d\fR \fIDRIVING\fR [\fB\-o\fR \fIRESULT\fR] [\fIOPTIONS\fR]
.br
.B animate
\fICOMMAND\fR [\fIOPTIONS\fR]
.SH DESCRIPTION
One picture (or video) and one driving clip give a new video in which the picture moves like the driver.
The last line on standard output is the path of the result; everything else is told on standard error.
.SH COMMANDS
)",
      plain(ANIMATE_VERSION));
  for (const Outline& command : program.commands) {
    page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", plain(command.name), plain(command.summary));
  }
  page += ".SH OPTIONS\n" + flags_of(program, /*with_groups=*/true);
  if (!program.footer.empty()) page += ".SH EXAMPLES\n" + verbatim(program.footer);
  for (const Outline& command : program.commands) append_command(page, command, "animate " + command.name);
  page += R"(.SH EXIT STATUS
.TP
.B 0
The result is whole and in its place.
.TP
.B 1
An input, a model or a disk is at fault; nothing is left under the result's name.
.TP
.B 2
A flag is wrong.
.TP
.B 130
Stopped by Ctrl\-C.
)";
  return page;
}

}  // namespace animate::cli
