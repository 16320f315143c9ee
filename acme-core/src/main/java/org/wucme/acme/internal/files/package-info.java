/** Files in folders that other users can change too. */
@NullMarked
package org.wucme.acme.internal.files;

import org.jspecify.annotations.NullMarked;
