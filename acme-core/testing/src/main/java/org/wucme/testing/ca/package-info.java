/**
 * A certificate authority for tests, {@link org.wucme.testing.ca.TestCa}: RFC 8555 over HTTPS on the loopback interface,
 * strict with its clients and able to misbehave on request. It shares no code with the client it judges.
 */
@NullMarked
package org.wucme.testing.ca;

import org.jspecify.annotations.NullMarked;
