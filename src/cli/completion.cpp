#include "cli/completion.h"

#include <spdlog/fmt/fmt.h>

#include <functional>

#include "base/command_line.h"

// The three scripts have one shape: which command the line has come to ("", "batch", "template make", …) is found by
// walking over its words, and then each command has its own list.
namespace animate::cli {
namespace {

// Calls action(command, path) for the program itself, with an empty path, and for every command below it.
void for_each_command(const Outline& outline, const std::string& path,
                      const std::function<void(const Outline&, const std::string&)>& action) {
  action(outline, path);
  for (const Outline& command : outline.commands) {
    for_each_command(command, path.empty() ? command.name : path + " " + command.name, action);
  }
}

// "batch|'template make'": every path but the program's own, as the shells' patterns want them, with the word that
// leads to it, so that "$command $word" is compared: " batch", "template make".
std::string steps(const Outline& program) {
  std::string patterns;
  for_each_command(program, "", [&](const Outline&, const std::string& path) {
    if (path.empty()) return;
    const std::string step = path.find(' ') == std::string::npos ? " " + path : path;
    patterns += fmt::format("{}'{}'", patterns.empty() ? "" : " | ", step);
  });
  return patterns;
}

std::string all_names(const Outline& command) {
  std::string words;
  for (const OutlineFlag& flag : command.flags) {
    if (flag.positional) continue;
    for (const auto* names : {&flag.names, &flag.no}) {
      for (const std::string& name : *names) words += (words.empty() ? "" : " ") + name;
    }
  }
  return words;
}

// _arguments reads ':' and '[' in names and words as its own.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_value(const OutlineFlag& flag) {
  if (flag.value.empty()) return "";
  std::string action = " ";
  if (!flag.choices.empty()) action = fmt::format("({})", fmt::join(flag.choices, " "));
  if (flag.file)
    action = flag.choices.empty()
                 ? "_files"
                 : fmt::format("{{_alternative 'words:word:({})' 'files:file:_files'}}", fmt::join(flag.choices, " "));
  return fmt::format(":{}:{}", zsh_text(flag.value), action);
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// The first part of a help text: a completion has one line.
std::string brief(const std::string& help) { return help.substr(0, std::min(help.find(" ("), help.find(';'))); }

}  // namespace

std::string bash_completion(const Outline& program) {
  std::string values;
  std::string flags;
  for_each_command(program, "", [&](const Outline& command, const std::string& path) {
    for (const OutlineFlag& flag : command.flags) {
      if (flag.positional || flag.value.empty()) continue;
      std::string patterns;
      for (const std::string& name : flag.names) {
        patterns += fmt::format("{}'{} {}'", patterns.empty() ? "" : " | ", path, name);
      }
      values +=
          fmt::format("    {}) words='{}' files={} ;;\n", patterns, fmt::join(flag.choices, " "), flag.file ? 1 : 0);
    }
    std::string commands;
    for (const Outline& below : command.commands) commands += " " + below.name;
    for (const OutlineFlag& flag : command.flags) {
      if (flag.positional && !flag.choices.empty()) commands += fmt::format(" {}", fmt::join(flag.choices, " "));
    }
    flags += fmt::format("    '{}') flags='{}' commands='{}' ;;\n", path, all_names(command),
                         commands.empty() ? "" : commands.substr(1));
  });
  return fmt::format(R"(# bash completion for animate; made by `animate completion bash`
_animate() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command='' word words='' flags='' commands=''
  local -i files=-1
  COMPREPLY=()
  # Bash takes --flag=value apart at the sign.
  if [[ $current == = ]]; then
    current=''
  elif [[ $before == = ]]; then
    before=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$command $word" in
    {}) command="${{command:+$command }}$word" ;;
    esac
  done
  case "$command $before" in
{}  esac
  if ((files >= 0)); then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    # Nothing of ours: the shell goes on with file names where the value may be one.
    if ((files == 0 && ${{#COMPREPLY[@]}} == 0)); then compopt +o default; fi
    return
  fi
  case "$command" in
{}  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
  fi
}}
complete -o default -F _animate animate
)",
                     steps(program), values, flags);
}

std::string zsh_completion(const Outline& program) {
  std::string cases;
  for_each_command(program, "", [&](const Outline& command, const std::string& path) {
    cases += fmt::format("    '{}')\n      _arguments -S \\\n", path);
    for (const OutlineFlag& flag : command.flags) {
      if (flag.positional) continue;
      for (const auto* names : {&flag.names, &flag.no}) {
        for (const std::string& name : *names) {
          const std::string equals = !flag.value.empty() && name.starts_with("--") ? "=" : "";
          cases += fmt::format(
              "        {} \\\n",
              quoted_for_shell(fmt::format("{}{}[{}]{}", name, equals, zsh_text(brief(flag.help)), zsh_value(flag))));
        }
      }
    }
    if (command.commands.empty()) {
      cases += "        '*:file:_files'\n      ;;\n";
      return;
    }
    std::string below;
    for (const Outline& sub : command.commands) {
      below += fmt::format(" {}\\:{}", sub.name, quoted_for_shell(sub.summary));
    }
    cases += fmt::format("        {}\n      ;;\n", quoted_for_shell(fmt::format("*:command:(({}))", below.substr(1))));
  });
  return fmt::format(R"(#compdef animate
# zsh completion for animate; made by `animate completion zsh`
_animate() {{
  local command='' word
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    case "$command $word" in
    ({}) command="${{command:+$command }}$word" ;;
    esac
  done
  case "$command" in
{}  esac
}}
if [[ ${{funcstack[1]}} == _animate ]]; then _animate "$@"; else compdef _animate animate; fi
)",
                     steps(program), cases);
}

std::string fish_completion(const Outline& program) {
  std::string lines;
  for_each_command(program, "", [&](const Outline& command, const std::string& path) {
    const std::string when = fmt::format("complete -c animate -n \"__animate_is '{}'\"", path);
    for (const Outline& below : command.commands) {
      lines += fmt::format("{} -a {} -d {}\n", when, below.name, fish_quoted(below.summary));
    }
    for (const OutlineFlag& flag : command.flags) {
      if (flag.positional) continue;
      std::string line = when;
      for (const auto* names : {&flag.names, &flag.no}) {
        for (const std::string& name : *names) {
          line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
        }
      }
      line += " -d " + fish_quoted(brief(flag.help));
      if (!flag.value.empty()) {
        line += flag.file ? " -rF" : " -x";
        if (!flag.choices.empty()) line += " -a " + fish_quoted(fmt::format("{}", fmt::join(flag.choices, " ")));
      }
      lines += line + "\n";
    }
  });
  return fmt::format(R"(# fish completion for animate; made by `animate completion fish`
function __animate_is
  set -l command ''
  set -l words (commandline -opc)
  for word in $words[2..-1]
    switch "$command $word"
      case {}
        set command (string trim "$command $word")
    end
  end
  test "$command" = "$argv"
end
{})",
                     [&] {
                       std::string spaced = steps(program);
                       for (size_t at; (at = spaced.find(" | ")) != std::string::npos;) spaced.replace(at, 3, " ");
                       return spaced;
                     }(),
                     lines);
}

}  // namespace animate::cli
