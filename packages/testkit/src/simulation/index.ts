export { runSimulation, type SimulationOptions, type SimulationResult } from './run-simulation.ts';
export type { Sabotage } from './sabotage.ts';
