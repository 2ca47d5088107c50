/** Marks the field that `/` focuses. */
export const SEARCH_FIELD_ID = 'search';

/** Marks the cell that the focus returns to from the panel, and that the arrow keys lead to. */
export const ACTIVE_CELL_ID = 'active-cell';
