/** What a TLS server plugs in, so that it always serves the current certificates. */
@NullMarked
package org.wucme.tls;

import org.jspecify.annotations.NullMarked;
