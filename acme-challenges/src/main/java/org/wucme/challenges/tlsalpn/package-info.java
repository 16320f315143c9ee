/** Responders for tls-alpn-01: beside the traffic of a TLS server, and standalone (RFC 8737, RFC 8738). */
@NullMarked
package org.wucme.challenges.tlsalpn;

import org.jspecify.annotations.NullMarked;
