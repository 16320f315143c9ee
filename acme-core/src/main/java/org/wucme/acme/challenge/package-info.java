/** Challenges as values, what answers them, and the contract of those who present the answer (RFC 8555 section 8). */
@NullMarked
package org.wucme.acme.challenge;

import org.jspecify.annotations.NullMarked;
