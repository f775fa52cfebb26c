# SPDX-License-Identifier: Apache-2.0
"""The service from outside: its binary started on a database of its own, asked over HTTP, compared with tests/oracle."""
