/** How bytes travel: one exchange, nonces, retries. */
@NullMarked
package org.wucme.acme.internal.http;

import org.jspecify.annotations.NullMarked;
