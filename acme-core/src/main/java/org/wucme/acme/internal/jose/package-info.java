/** Signing as RFC 8555 section 6.2 wants it. */
@NullMarked
package org.wucme.acme.internal.jose;

import org.jspecify.annotations.NullMarked;
