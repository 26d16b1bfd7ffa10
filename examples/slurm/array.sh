#!/bin/bash
#SBATCH --job-name=varlab
#SBATCH --cpus-per-task=8
#SBATCH --mem=4G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=varlab-%A_%a.log
#
# One long simulation as a Slurm array, from the login node: bash array.sh
#
# Every task makes one share of the run and saves itself; one that is stopped, killed or loses its node goes on where it was. The last job
# merges the shares into the folder "run": the same bytes as on one machine. The tasks need no connection to each other.
TRAJECTORIES=1000000000     # <- the size of the run
SHARDS=64                   # <- how many tasks; more than TRAJECTORIES/16384 are of no use
ARGUMENTS=(--mu 0,0.1,1 --beta2 0.999 --iterations 6000 --seed 1)
MAX_TIME=235m               # a little less than --time above

VARLAB=${VARLAB:-varlab}
if [ -z "$SLURM_JOB_ID" ]; then
    mkdir -p parts saved
    array=$(sbatch --parsable --array=1-"$SHARDS" "$0") || exit
    sbatch --dependency=afterok:"$array" --kill-on-invalid-dep=yes --cpus-per-task=2 --output=varlab-merge.log "$0"
elif [ -n "$SLURM_ARRAY_TASK_ID" ]; then
    "$VARLAB" simulate "${ARGUMENTS[@]}" --trajectories "$TRAJECTORIES" --threads "$SLURM_CPUS_PER_TASK" --quiet \
        --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" --part "parts/$SLURM_ARRAY_TASK_ID.part" --checkpoint saved --resume --max-time "$MAX_TIME"
    status=$?
    # 75: it has ended by itself before Slurm's limit and is saved. Back into the queue, unless Slurm is about to do so.
    task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
    if [ $status -eq 75 ] && scontrol -o show job "$task" | grep -q JobState=RUNNING; then scontrol requeue "$task"; fi
    exit $status
else
    "$VARLAB" merge parts/*.part --output run
fi
