#!/bin/bash
#SBATCH --job-name=varlab
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=varlab-%A_%a.log
#
# Many runs as a Slurm array, from the login node: bash runs.sh
#
# Training by varlab sweep or train, or simulations by varlab grid. Every task makes a share of the runs and saves itself; one that is stopped,
# killed or loses its node goes on where it was. The last job puts the results of all into the folder "run", as one machine would have them.
COMMAND=(sweep --task fashion --optimizer sgd:0.9,adam,radam --lr 0.1,0.03,0.01 --seeds 0-4)    # <- or: grid settings.yaml
SHARDS=15                   # <- how many tasks; more than there are runs are of no use
MAX_TIME=235m               # a little less than --time above

VARLAB=${VARLAB:-varlab}
run=("$VARLAB" "${COMMAND[@]}" --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet --output run --resume)
if [ -z "$SLURM_JOB_ID" ]; then
    array=$(sbatch --parsable --array=1-"$SHARDS" "$0") || exit
    sbatch --dependency=afterok:"$array" --kill-on-invalid-dep=yes --output=varlab-results.log "$0"
elif [ -n "$SLURM_ARRAY_TASK_ID" ]; then
    "${run[@]}" --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" --max-time "$MAX_TIME"
    status=$?
    # 75: it has ended by itself before Slurm's limit and is saved. Back into the queue, unless Slurm is about to do so.
    task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
    if [ $status -eq 75 ] && scontrol -o show job "$task" | grep -q JobState=RUNNING; then scontrol requeue "$task"; fi
    exit $status
else
    "${run[@]}"
fi
