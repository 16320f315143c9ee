/** The store in a folder, in wµCME's layout. */
@NullMarked
package org.wucme.store.file;

import org.jspecify.annotations.NullMarked;
