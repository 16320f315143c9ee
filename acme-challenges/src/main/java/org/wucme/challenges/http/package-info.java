/** Responders for http-01: embeddable, standalone, and by files of a web server (RFC 8555 section 8.3). */
@NullMarked
package org.wucme.challenges.http;

import org.jspecify.annotations.NullMarked;
