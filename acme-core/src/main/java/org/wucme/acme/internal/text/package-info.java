/** Text of others, made fit for logs, terminals and records. */
@NullMarked
package org.wucme.acme.internal.text;

import org.jspecify.annotations.NullMarked;
