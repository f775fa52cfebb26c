# SPDX-License-Identifier: Apache-2.0
"""What goes wrong: broken requests, clients that leave, a database that dies, freezes or refuses. Each fault with what must hold."""
