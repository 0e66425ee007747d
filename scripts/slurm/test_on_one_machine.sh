#!/usr/bin/env bash
# A Slurm of its own on this machine: an array of two does six small jobs, every one exactly once.
# Needs root, and the packages slurm-wlm and munge (installed where absent). Everything it writes lies in a temporary
# folder; munged, slurmctld and slurmd listen on ports of their own and are stopped whatever happens.
# usage: scripts/slurm/test_on_one_machine.sh [PROGRAM]      default build/release/bin/animate
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
animate=$(realpath "${1:-$root/build/release/bin/animate}")
[ -x "$animate" ] || { echo "$animate: is no program; build it first" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "skipped: Slurm's daemons want root here"; exit 77; }
missing=()
command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v sbatch >/dev/null || missing+=(slurm-wlm)
command -v munged >/dev/null || missing+=(munge)
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

work=$(mktemp -d /tmp/animate-slurm-XXXXXX)
pids=()
stop() {
  code=$?
  trap - EXIT INT TERM
  # The daemons first, then what slurmd's steps may have left; all of them are ours by their ids.
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  done
  if [ "$code" != 0 ]; then
    echo "--- failed (exit $code); the ends of the logs:" >&2
    tail -n 15 "$work"/*.log "$work"/run/*.log >&2 2>/dev/null || true
  fi
  rm -rf "$work"
  exit "$code"
}
trap stop EXIT INT TERM

mkdir -p "$work"/{spool,state,run,munge,portraits}
chmod 755 "$work"
host=$(hostname -s)
port=$((20000 + RANDOM % 20000))

# munge: a key, a socket and a log of its own. It insists on folders that nobody else can write.
chmod 700 "$work/munge"
dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none
chmod 600 "$work/munge/key"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --seed-file="$work/munge/seed" --log-file="$work/munge/munged.log" >"$work/munged.log" 2>&1 &
pids+=($!)
for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep 0.1; done

# Two tasks at a time whatever the machine has; no control groups, which a container may not give.
cat >"$work/slurm.conf" <<CONF
ClusterName=animate
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CryptoType=crypto/munge
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/slurmd.pid
SlurmctldLogFile=$work/run/slurmctld.log
SlurmdLogFile=$work/run/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
CONF
sed -i '/^CryptoType/d' "$work/slurm.conf"
export SLURM_CONF=$work/slurm.conf
slurmctld -D -i -f "$SLURM_CONF" >"$work/slurmctld.log" 2>&1 &
pids+=($!)
slurmd -D -N "$host" -f "$SLURM_CONF" >"$work/slurmd.log" 2>&1 &
pids+=($!)
state=
for _ in $(seq 60); do
  state=$(timeout 5 sinfo -h -o %t 2>/dev/null || true)
  [ "$state" = idle ] && break
  sleep 0.5
done
[ "$state" = idle ] || { echo "the node did not come up (state: ${state:-none})" >&2; exit 1; }
echo "slurm: $(sinfo --version), node $host is $state"

for n in 1 2 3; do cp "$root/configs/default/sample_source.png" "$work/portraits/face$n.png"; done
cp "$root/configs/default/sample_driving.mp4" "$work/a.mp4"
cp "$root/configs/default/sample_driving.mp4" "$work/b.mp4"
cd "$work"
submit() {
  ANIMATE=$animate timeout 300 sbatch --wait --parsable --array=1-2 --cpus-per-task=1 --output="$work/task-%a.log" \
    "$root/scripts/slurm/animate_batch.sbatch" -s portraits -d a.mp4 b.mp4 -o results --end 0.4 --audio none
}
submit || { echo "the array failed" >&2; exit 1; }

count() { grep -h "\"status\":\"$1\"" results/report-*.jsonl | wc -l; }
results=$(find results -name '*.mp4' | wc -l)
others=$(find results -mindepth 1 ! -name '*.mp4' ! -name 'report-[12]-of-2.jsonl')
twice=$(grep -h '"status":"done"' results/report-*.jsonl | sed 's/.*"output":"\([^"]*\)".*/\1/' | sort | uniq -d)
[ "$results" = 6 ] && [ "$(count done)" = 6 ] && [ -z "$twice" ] && [ -z "$others" ] ||
  { echo "wrong: $results results, $(count done) done, twice: ${twice:-none}, left: ${others:-nothing}" >&2; exit 1; }
for report in results/report-1-of-2.jsonl results/report-2-of-2.jsonl; do
  [ "$(grep -c '"status":"done"' "$report")" = 3 ] || { echo "wrong: $report has not three jobs" >&2; exit 1; }
done
# Submitted again, nothing is done twice.
submit || { echo "the second array failed" >&2; exit 1; }
[ "$(count done)" = 6 ] && [ "$(count skipped)" = 6 ] || { echo "wrong: the second array worked again" >&2; exit 1; }
echo "slurm: 6 jobs by an array of 2, each exactly once; again: 6 skipped"
