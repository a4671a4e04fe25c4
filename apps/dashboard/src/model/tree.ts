/// The supervision tree as something to draw. Pure.
import { hierarchy, tree as tidy } from 'd3-hierarchy';
import type { HierarchyNode } from 'd3-hierarchy';
import type { Child, Crowd, Tree } from './messages';

export interface TreeNode {
  path: string; // Empty: the root.
  name: string;
  child?: Child;
  crowd?: Crowd;
  children: TreeNode[];
}

export interface Place {
  node: TreeNode;
  x: number; // Of its left edge, in pixels.
  y: number; // Of its middle.
  width: number;
}

export interface Layout {
  places: Place[];
  lines: string[]; // Paths of an SVG, from each parent to each of its children.
  width: number;
  height: number;
}

/// However many a node sends, no more are drawn one by one.
export const drawnMax = 400;

/// Returns the path of the supervisor of `path`; empty: the root.
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/// Returns the tree under a root with this name. A crowd is a leaf of its supervisor.
export function treeOf(name: string, { children, crowds }: Pick<Tree, 'children' | 'crowds'>): TreeNode {
  const root: TreeNode = { path: '', name, children: [] };
  const known = new Map<string, TreeNode>([['', root]]);
  for (const child of children.slice(0, drawnMax)) {
    const { path } = child;
    const node: TreeNode = { path, name: path.slice(path.lastIndexOf('/') + 1), child, children: [] };
    known.set(path, node);
    (known.get(parentOf(path)) ?? root).children.push(node);
  }
  for (const crowd of crowds)
    known.get(crowd.path)?.children.push({ path: `${crowd.path}/*`, name: '', crowd, children: [] });
  return root;
}

const rowHeight = 36;
const columnGap = 44;
const indent = 18;

/// Lays the tree out in `width` pixels: from left to right if there is room for its depth, and as an
/// indented list otherwise.
export function layOut(root: TreeNode, width: number): Layout {
  const top = hierarchy(root, (node) => node.children);
  const nodeWidth = (width - top.height * columnGap) / (top.height + 1);
  return nodeWidth >= 230 ? inColumns(top, Math.min(nodeWidth, 330), width) : inRows(top, width);
}

function inColumns(top: HierarchyNode<TreeNode>, nodeWidth: number, width: number): Layout {
  const step = nodeWidth + columnGap;
  const laid = tidy<TreeNode>()
    .nodeSize([rowHeight, step])
    .separation(() => 1)(top);
  const all = laid.descendants();
  const highest = Math.min(...all.map((n) => n.x));
  const middle = (n: { x: number }) => n.x - highest + rowHeight / 2;
  const places = all.map((n) => ({ node: n.data, x: n.y, y: middle(n), width: nodeWidth }));
  const lines = laid.links().map(({ source, target }) => {
    const from = source.y + nodeWidth;
    const bend = from + columnGap / 2;
    return `M${from},${middle(source)}C${bend},${middle(source)} ${bend},${middle(target)} ${target.y},${middle(target)}`;
  });
  return { places, lines, width, height: Math.max(...places.map((p) => p.y)) + rowHeight / 2 };
}

function inRows(top: HierarchyNode<TreeNode>, width: number): Layout {
  const rows = new Map<HierarchyNode<TreeNode>, Place>();
  top.eachBefore((n) => {
    const x = n.depth * indent;
    rows.set(n, { node: n.data, x, y: rows.size * rowHeight + rowHeight / 2, width: width - x });
  });
  const lines = top.links().map(({ source, target }) => {
    const from = rows.get(source)!;
    const to = rows.get(target)!;
    return `M${from.x + indent / 2},${from.y + rowHeight / 2 - 3}V${to.y}H${to.x}`;
  });
  return { places: [...rows.values()], lines, width, height: rows.size * rowHeight };
}
