/**
 * Servers for unauthenticated clients: one selector thread holds all connections, and a few workers answer complete
 * requests. A client address gets its share of the connections.
 */
@NullMarked
package org.wucme.challenges.internal.server;

import org.jspecify.annotations.NullMarked;
