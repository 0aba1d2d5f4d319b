package command

// doctorLong and doctorExample are what --help says.
const doctorLong = `doctor compares the originals of a bucket with the variants that stand there, as plan does, and gives a verdict:
for people, and for CI by its exit code. Without --repair and --prune it only reads.

What is wrong:
  missing      a variant is not there                             backfill run, or doctor --repair
  stale        its original or its preset has changed since       backfill run, or doctor --repair
  taken        something else stands where a variant should       rename one of the two originals
  unreadable   an original that can never be rendered             upload it again; --allow-unreadable tolerates it
  disagreeing  a variant that is not what its metadata says       delete it, then backfill run
  orphan       a variant whose original is gone                   doctor --prune
  dropped      a variant of a preset that is gone                 doctor --prune
  superseded   an older variant at a key that is no longer used   doctor --prune
What is told, and not wrong:
  foreign      an object that Presize did not write; it is never deleted

An original is read and decoded when something of it is missing or stale and no variant shows its present state:
only then can it be one that can never be rendered. --no-read leaves that out. What is missing or stale of an
unreadable original counts as unreadable, not as missing or stale. Coverage is what is up to date, in percent of the
originals that get the preset, unreadable ones included.

A variant's recorded size is compared with what its preset allows. --deep reads every variant, too, and compares what
it is with what its metadata and its Content-Type say: it reads as many bytes as there are.

--repair comes first, then --prune, and the verdict is that of a look after both. --prune deletes orphans, dropped and
superseded variants. It lists them, and asks; --yes answers. Right before an object goes, doctor looks again at its
metadata and for its original, so that nothing goes that has come back meanwhile. A superseded variant goes only when
another one shows the original as it is.

--publish puts, for each preset, Coverage (percent), Missing, Stale and Orphans into CloudWatch, with the dimensions
Bucket and Preset. It needs cloudwatch:PutMetricData.

--json prints one object: bucket, target_bucket, originals, resized, well, wrong, presets (originals, up_to_date,
coverage in percent, missing, stale, taken, unreadable), kinds (kind, count, bytes, wrong, advice, command), pruned
(deleted, bytes, left), cost (lists, heads, heads_saved, gets, bytes_read, not_read, dollars) and findings: one for each
thing that was found, in no order, with kind and, as they apply, key, original, preset, bytes, why, reason, message and
disagreements (what, found, recorded). Names stay as they are; new ones may come. All else goes to standard error.

Exit codes: 0 all is well, 1 something is wrong, or could not be read, or doctor failed, 2 the command line is wrong, 130 stopped.`

const doctorExample = `  # In CI: fails when anything is wrong
  backfill doctor --bucket photos

  # Render what is missing or stale, delete what is left over, and look again
  backfill doctor --bucket photos --repair --prune

  # What would be deleted
  backfill doctor --bucket photos --prune --dry-run

  # Every night: coverage for a dashboard, with corrupt uploads tolerated
  backfill doctor --bucket photos --allow-unreadable --publish

  # The pipeline on this machine (make run)
  backfill doctor --bucket photos --endpoint-url http://127.0.0.1:8082`
