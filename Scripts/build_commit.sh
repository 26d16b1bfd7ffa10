#!/bin/sh
# Writes the commit of the checkout $1 as Swift into $2, and only if that changes the file. No commit is known where there is no
# git, as in a tarball; `+changes` says that the sources are not those of the commit.
commit=$(git -C "$1" rev-parse --verify HEAD 2>/dev/null)
# A tarball within another repository is not of that repository.
git -C "$1" ls-files --error-unmatch Package.swift >/dev/null 2>&1 || commit=
if [ -n "$commit" ] && ! git -C "$1" diff --quiet HEAD -- Sources Package.swift; then commit="$commit+changes"; fi
text="let buildCommit: String? = nil"
[ -z "$commit" ] || text="let buildCommit: String? = \"$commit\""
[ -f "$2" ] && [ "$(cat "$2")" = "$text" ] || printf '%s\n' "$text" > "$2"
