# Sourced by the scripts beside it: users, ports, waiting.

# PostgreSQL and RabbitMQ refuse root; as root their own users run them.
as() {
  local user=$1
  shift
  if [ "$(id -u)" = 0 ]; then
    exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups "$@"
  else
    exec "$@"
  fi
}

can_become() {
  [ "$(id -u)" != 0 ] || { id "$1" && command -v setpriv; } >/dev/null 2>&1
}

own() {
  [ "$(id -u)" != 0 ] || chown -R "$1:" "$2"
}

accepts() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# A port below the range from which the kernel takes ports for outgoing connections.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    accepts "$port" || break
  done
  echo "$port"
}

random_word() {
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# Waits until a command succeeds: wait_for SECONDS COMMAND...
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# The living processes (zombies have ended) of a process group or of a parent: members group|parent NUMBER
members() {
  local stat line fields index=1
  [ "$1" = parent ] || index=2
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    read -ra fields <<<"${line##*) }" # state, parent, group
    [ "${fields[0]}" != Z ] && [ "${fields[$index]}" = "$2" ] || continue
    echo "${line%% *}"
  done
}

is_running() {
  local line
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  [[ ${line##*) } != Z* ]]
}

none_running() {
  local process
  for process in "$@"; do
    ! is_running "$process" || return 1
  done
}
