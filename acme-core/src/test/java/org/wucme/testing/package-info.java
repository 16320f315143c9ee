/** What the tests of all modules share, and is not published: Pebble, slow and hostile clients, relays, child JVMs. */
@NullMarked
package org.wucme.testing;

import org.jspecify.annotations.NullMarked;
