# GCC 12 corrupts memory when the operand of co_await holds a braced list, a capturing lambda or `?:`. Name it
# first. An operand ends where its expression does: at `;`, at a `,` or a bracket that it did not open, at `:`.
function code(line) { # without comments at the end of a line, strings and characters
  gsub(/\\./, "", line)
  gsub(/"[^"]*"/, "0", line)
  gsub(/'[^']*'/, "0", line)
  gsub(/::/, "  ", line)
  sub(/\/\/.*/, "", line)
  return line
}
FNR == 1 { inside = 0 }
{
  rest = code($0)
  while (rest != "") {
    if (!inside) {
      at = match(rest, /(^|[^A-Za-z0-9_])co_await([^A-Za-z0-9_]|$)/)
      if (!at) break
      rest = substr(rest, at + RLENGTH - 1)
      inside = 1
      depth = 0
      first = FNR
    }
    c = substr(rest, 1, 1)
    if (c == "{" || c == "?") {
      print FILENAME ":" first ": `" c "` in the operand of co_await corrupts memory with GCC 12: name it first"
      inside = 0
    } else if (c == "(" || c == "[") {
      depth++
    } else if (c == ")" || c == "]") {
      if (--depth < 0) inside = 0
    } else if (depth == 0 && (c == ";" || c == "," || c == ":" || c == "}")) {
      inside = 0
    }
    if (inside) rest = substr(rest, 2)
  }
}
