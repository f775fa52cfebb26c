# SPDX-License-Identifier: Apache-2.0
# For scripts that do one thing after another, sourced: each step with its time, and the names of those that failed in `failed`.
# shellcheck shell=bash

failed=()

# step NAME COMMAND...: later steps run whatever happens, so that one run tells everything
step() {
	local name=$1 start=$SECONDS
	shift
	echo
	echo "=== $name"
	if "$@" < /dev/null; then
		echo "=== $name: ok ($((SECONDS - start)) s)"
	else
		failed+=("$name")
		echo "=== $name: FAILED ($((SECONDS - start)) s)"
	fi
}
