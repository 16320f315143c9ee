/** Java servers that obtain their certificates themselves and serve each new one without a restart. */
@NullMarked
package org.wucme.examples.servers;

import org.jspecify.annotations.NullMarked;
