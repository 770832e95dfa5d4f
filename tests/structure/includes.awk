# Reads src/**/CMakeLists.txt, then the sources. A folder may include what its links reach, and nothing else:
# the links are written once, in CMake, and this test asks whether the includes keep to them.
function folder_of(name) { # muster_adapters_lab -> adapters/lab
  if (name == "muster") return "cli" # the one executable
  sub(/^muster_/, "", name)
  sub(/^adapters_/, "adapters/", name)
  return name
}
function place_of(file) { # src/adapters/lab/x.cpp -> adapters/lab
  sub(/^src\//, "", file)
  sub(/\/[^\/]*$/, "", file)
  return file
}
function read_links(  words, n, i, from, k) {
  gsub(/[()]/, " ", text)
  n = split(text, words, /[ \t\n]+/)
  for (i = 1; i <= n; i++) {
    if (words[i] == "muster_library") from = folder_of(words[++i])
    if (words[i] == "add_executable") from = words[++i] == "muster" ? "cli" : ""
    if (from != "" && words[i] ~ /^muster_/ && words[i] !~ /^muster_(library|test|embed|options|boost)$/ && folder_of(words[i]) != from)
      link[from, folder_of(words[i])] = 1
    if (from != "") known[from] = 1
  }
  text = ""
}
function reach(from, to,  k) { # depth first; a circle among the links is told once
  for (k in known)
    if ((from, k) in link && !((to, k) in may)) {
      may[to, k] = 1
      reach(k, to)
    }
}
function close_links(  k) {
  read_links()
  for (k in known) reach(k, k)
  for (k in known)
    if ((k, k) in may) print "src/" k "/CMakeLists.txt: its links lead back to itself"
  closed = 1
}
FNR == 1 && text != "" { read_links() }
FILENAME ~ /CMakeLists\.txt$/ {
  sub(/#.*/, "")
  text = text "\n" $0
  next
}
!closed { close_links() }
/^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, part, "\"")
  from = place_of(FILENAME)
  to = part[2]
  where = FILENAME ":" FNR ": "
  if (sub(/^embedded\//, "", to)) { # generated for one library
    sub(/\.hpp$/, "", to)
    to = folder_of(to)
    if (to != from) print where "what is embedded in " to "/ is its own business"
    next
  }
  if (!sub(/\/[^\/]*$/, "", to) || to ~ /\.\./) {
    print where "\"" part[2] "\": write the path from src/"
    next
  }
  if (to == from) next
  if (!(to in known)) print where "\"" part[2] "\" is in no folder that src/**/CMakeLists.txt knows"
  else if (!((from, to) in may)) print where from "/ must not know " to "/ (its CMakeLists.txt does not link it)"
}
