/**
 * Outside: the ask box on a page that no WordPress makes. First the box, then what answers in it.
 */

import './mount.js';
import '../../wordpress-plugin/blocks/ask/view.js';
