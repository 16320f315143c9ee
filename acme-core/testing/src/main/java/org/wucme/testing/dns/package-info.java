/** An authoritative DNS server for tests, {@link org.wucme.testing.dns.TestDns}: UDP and TCP on the loopback interface. */
@NullMarked
package org.wucme.testing.dns;

import org.jspecify.annotations.NullMarked;
