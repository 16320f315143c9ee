/** Reading what a CA sends, with errors that say where. */
@NullMarked
package org.wucme.acme.internal.json;

import org.jspecify.annotations.NullMarked;
